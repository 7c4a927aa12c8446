/**
 * Send: from `confirmed` to a verdict. The order is the promise: a place in the exchange's budget, a fresh look, the row
 * `sending` on disk, and only then the one call. Nothing here is ever done twice.
 */
import type { MarginAdjustment, Step } from "../model/adjustment.ts";
import type { AuditEvent, Entry } from "../model/audit-event.ts";
import { entryOf, type Proposal } from "../model/proposal.ts";
import type { Refusal } from "../model/refusal.ts";
import { marginAfter, type PositionSnapshot } from "../model/snapshot.ts";
import type { Appended } from "../ports/audit-trail.ts";
import type { Deps } from "../ports/deps.ts";
import type { Answer, RatePermit, SetMarginRequest } from "../ports/exchange.ts";
import { type PositionReading, readPosition } from "../reads/read-position.ts";
import { floorRefusal } from "../risk/removal-floor.ts";
import { amountRefusal } from "../rules/amount.ts";
import { driftRefusal } from "../rules/drift.ts";
import { undoRefusal } from "../rules/undo.ts";
import { checkRefusal } from "./refusal-check.ts";

const RECORD_TRIES_MAX = 3;

async function record(deps: Deps, entry: Entry): Promise<AuditEvent> {
  const appended = await deps.trail.append(entry);
  if (!appended.ok) throw new Error(`the audit table did not allow ${entry.step} after ${appended.step}`);
  return appended.event;
}

function refused(deps: Deps, proposal: Proposal, refusal: Refusal): Promise<AuditEvent> {
  return record(deps, entryOf(proposal, "refused", { refusal }, { code: refusal.code }));
}

/** Looks at one position that others may overtake before this adjustment is given up. */
const LOOKS_MAX = 3;

async function freshLook(deps: Deps, proposal: Proposal): Promise<{ refusal: Refusal } | { seen: PositionSnapshot }> {
  const { adjustment, seen: shown, undoes } = proposal;
  const removes = adjustment.direction === "remove";
  const found = await readPosition(deps, adjustment.position, removes);
  if (!found.ok) return { refusal: found.refusal };
  const bounds = {
    decimalsMax: deps.exchange.decimals(adjustment.position.marginCoin),
    perAdjustment: deps.rules.perAdjustment,
  };
  // The limit was judged at the price that was shown: a price that moved must not block a rescue.
  const figures = { ...found.seen, markPrice: shown.markPrice };
  const refusal =
    driftRefusal(shown, found.seen) ?? amountRefusal(adjustment, figures, bounds) ?? floorAt(deps, adjustment, found);
  const stopped = refusal ?? (await undoRefusal(deps, undoes, found.position));
  return stopped === undefined ? { seen: found.seen } : { refusal: stopped };
}

/** The floor at the fresh mark: a removal may have become too near meanwhile. An addition is never stopped by it. */
function floorAt({ rules }: Deps, adjustment: MarginAdjustment, { position, tiers }: PositionReading & { ok: true }) {
  const newMargin = marginAfter(position.margin, adjustment);
  return floorRefusal(position, newMargin, { tiers, floor: rules.removeFloor });
}

/** What was seen of a position, and the newest row of its symbol when the look began: a later one may make it void. */
interface Overtakable {
  readonly before: PositionSnapshot;
  readonly newestAtLook: number;
}

/** The row `sending`: durable before the first byte leaves. The table lets it in, or says which guard keeps it out. */
function recordSending(
  deps: Deps,
  proposal: Proposal,
  order: SetMarginRequest,
  readPosition: Overtakable,
): Promise<Appended> {
  const { body, bodySha256 } = order;
  const { before, newestAtLook } = readPosition;
  const [serverAt, clockErrorMs] = [deps.exchange.serverNow(), deps.exchange.clockErrorMs()];
  const detail = { body, bodySha256, before, newestAtLook, serverAt, clockErrorMs };
  return deps.trail.append(entryOf(proposal, "sending", detail));
}

/**
 * Whether our own rows say that the position was moved since its card. Where it reads as it was shown all the same, the
 * exchange shows old figures (nothing documents how long its reads may lag), or it was moved back: the card is outdated.
 */
async function movedSinceCard({ trail }: Deps, { adjustment, newestAtLook }: Proposal): Promise<boolean> {
  return newestAtLook !== undefined && (await trail.movedSince(adjustment.position, newestAtLook));
}

/**
 * Looks at the position and writes `sending`. Where money of the symbol moved during the look, that was no look, and the
 * next one shows what changed. Gives what was seen when the row stands, or why nothing goes out.
 */
async function prepare(
  deps: Deps,
  proposal: Proposal,
  order: SetMarginRequest,
): Promise<{ readonly refusal: Refusal } | { readonly before: PositionSnapshot }> {
  const { account, symbol, marginCoin } = proposal.adjustment.position;
  for (let looks = 1; looks <= LOOKS_MAX; looks++) {
    const halted = houseRefusal(deps);
    if (halted !== undefined) return { refusal: halted };
    const newestAtLook = await deps.trail.newestOf(account, symbol, marginCoin);
    const wasMoved = await movedSinceCard(deps, proposal);
    const fresh = await freshLook(deps, proposal);
    if ("refusal" in fresh) return { refusal: (await lockRefusal(deps, proposal)) ?? fresh.refusal };
    if (wasMoved) return { refusal: { code: "overtaken" } };
    const appended = await recordSending(deps, proposal, order, { before: fresh.seen, newestAtLook });
    if (appended.ok) return { before: fresh.seen };
    if (appended.guard === "frozen") return { refusal: { code: "frozen" } };
    if (appended.guard === "step") throw new Error(`the audit table did not allow sending after ${appended.step}`);
    const locked = await lockRefusal(deps, proposal);
    if (locked !== undefined) return { refusal: locked };
  }
  return { refusal: { code: "overtaken" } };
}

/** Why nothing goes out just now, whatever was confirmed; undefined when it may. */
function houseRefusal({ killSwitch, closing }: Deps): Refusal | undefined {
  if (closing()) return { code: "closing" };
  return killSwitch.frozen() === undefined ? undefined : { code: "frozen" };
}

/** What the exchange said is known only here: a write that fails is tried again before it is given up. */
async function recordAtLast(write: () => Promise<AuditEvent>): Promise<AuditEvent> {
  for (let tries = 1; tries < RECORD_TRIES_MAX; tries++) {
    const event = await write().catch(() => undefined);
    if (event !== undefined) return event;
  }
  return write();
}

/** The row that says what came back. */
function answerEntry(proposal: Proposal, answer: Answer): Entry {
  const { exchanged } = answer;
  const named = { code: exchanged.code ?? exchanged.fault ?? "" };
  switch (answer.kind) {
    case "accepted":
      return entryOf(proposal, "accepted", { exchanged }, named);
    case "rejected":
      return entryOf(proposal, "rejected", { why: answer.why, exchanged }, named);
    case "unknown":
      return entryOf(proposal, "unknown", { refused: answer.refused, exchanged }, named);
  }
}

function recordAnswer(deps: Deps, proposal: Proposal, answer: Answer): Promise<AuditEvent> {
  return recordAtLast(() => record(deps, answerEntry(proposal, answer)));
}

async function sendInSlot(deps: Deps, proposal: Proposal, slot: RatePermit): Promise<AuditEvent> {
  const order = deps.exchange.order(proposal.adjustment);
  const prepared = await prepare(deps, proposal, order);
  if ("refusal" in prepared) return refused(deps, proposal, prepared.refusal);
  const mayStart = () => houseRefusal(deps) === undefined;
  const answer = await deps.exchange.adjustMargin(order, slot, mayStart);
  return recordAnswer(deps, proposal, await checkRefusal(deps, answer, proposal.adjustment.position, prepared.before));
}

/** Another adjustment of the symbol whose money may be under way: it explains whatever else looks odd. */
async function lockRefusal(deps: Deps, proposal: Proposal): Promise<Refusal | undefined> {
  const { account, symbol, marginCoin } = proposal.adjustment.position;
  const open = await deps.trail.inFlight(account, symbol, marginCoin);
  return open && { code: "locked", open: open.adjustment, step: open.step as Step };
}

/**
 * Carries out a confirmed proposal, once, and gives the last row written. Throws `UnwrittenError` when the audit table
 * cannot be written; what stands there then (`confirmed`: nothing was sent; `sending`: not known) is settled at the next
 * start. Any other error is a bug: see `giveUp`.
 */
export async function send(deps: Deps, proposal: Proposal): Promise<AuditEvent> {
  const slot = await deps.exchange.slot(proposal.adjustment.position.account);
  return slot === undefined ? refused(deps, proposal, { code: "waited" }) : sendInSlot(deps, proposal, slot);
}
