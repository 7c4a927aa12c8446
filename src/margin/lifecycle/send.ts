/**
 * Send: from `confirmed` to a verdict. The order is the promise: a place in the exchange's budget, a fresh look, the row
 * `sending` on disk, and only then the one call. Nothing here is ever done twice.
 */
import type { AuditEvent, Entry } from "../model/audit-event.ts";
import { entryOf, type Proposal } from "../model/proposal.ts";
import type { Refusal } from "../model/refusal.ts";
import type { PositionSnapshot } from "../model/snapshot.ts";
import type { Appended } from "../ports/audit-trail.ts";
import type { Deps } from "../ports/deps.ts";
import type { Answer, RatePermit, SetMarginRequest } from "../ports/exchange.ts";
import { readPosition } from "../reads/read-position.ts";
import { frozenRefusal } from "../rules/frozen.ts";
import { lockRefusal } from "../rules/in-flight.ts";
import { movedSinceCardRefusal } from "../rules/moved-since-card.ts";
import { amountRefusalOf, judgePosition } from "../rules/rule-book.ts";
import { checkRefusal } from "./refusal-check.ts";

const RECORD_TRIES_MAX = 3;

async function recordStep(deps: Deps, entry: Entry): Promise<AuditEvent> {
  const appended = await deps.events.append(entry);
  if (!appended.ok) throw new Error(`the audit table did not allow ${entry.step} after ${appended.step}`);
  return appended.event;
}

function refused(deps: Deps, proposal: Proposal, refusal: Refusal): Promise<AuditEvent> {
  return recordStep(deps, entryOf(proposal, "refused", { refusal }, { code: refusal.code }));
}

/** Looks at one position that others may overtake before this adjustment is given up. */
const LOOKS_MAX = 3;

async function freshLook(
  deps: Deps,
  proposal: Proposal,
): Promise<{ readonly refusal: Refusal } | { readonly seen: PositionSnapshot }> {
  const { adjustment, seen: shown } = proposal;
  const key = adjustment.position;
  const moved = await movedSinceCardRefusal(deps, proposal);
  const read = await readPosition(deps, key, adjustment.direction === "remove");
  const look = await judgePosition(deps, key, read, shown);
  if ("refusal" in look) return look;
  const refusal = (await amountRefusalOf(deps, proposal, look, shown)) ?? moved;
  return refusal === undefined ? look : { refusal };
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
  request: SetMarginRequest,
  look: Overtakable,
): Promise<Appended> {
  const { body, bodySha256 } = request;
  const { before, newestAtLook } = look;
  const [serverAt, clockErrorMs] = [deps.exchange.serverNow(), deps.exchange.clockErrorMs()];
  const detail = { body, bodySha256, before, newestAtLook, serverAt, clockErrorMs };
  return deps.events.append(entryOf(proposal, "sending", detail));
}

/**
 * Looks at the position and writes `sending`. Where money of the symbol moved during the look, that was no look, and the
 * next one shows what changed. Gives what was seen when the row stands, or why nothing goes out.
 */
async function prepare(
  deps: Deps,
  proposal: Proposal,
  request: SetMarginRequest,
): Promise<{ readonly refusal: Refusal } | { readonly before: PositionSnapshot }> {
  const { account, symbol, marginCoin } = proposal.adjustment.position;
  for (let looks = 1; looks <= LOOKS_MAX; looks++) {
    const halted = houseRefusal(deps);
    if (halted !== undefined) return { refusal: halted };
    const newestAtLook = await deps.projections.newestOf(account, symbol, marginCoin);
    const fresh = await freshLook(deps, proposal);
    if ("refusal" in fresh) return fresh;
    const appended = await recordSending(deps, proposal, request, { before: fresh.seen, newestAtLook });
    if (appended.ok) return { before: fresh.seen };
    if (appended.guard === "frozen") return { refusal: { code: "frozen" } };
    if (appended.guard === "step") throw new Error(`the audit table did not allow sending after ${appended.step}`);
    const locked = await lockRefusal(deps, proposal.adjustment.position);
    if (locked !== undefined) return { refusal: locked };
  }
  return { refusal: { code: "overtaken" } };
}

/** Why nothing goes out just now, whatever was confirmed; undefined when it may. */
function houseRefusal(deps: Deps): Refusal | undefined {
  return deps.closing() ? { code: "closing" } : frozenRefusal(deps);
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
  return recordAtLast(() => recordStep(deps, answerEntry(proposal, answer)));
}

async function sendWithPermit(deps: Deps, proposal: Proposal, permit: RatePermit): Promise<AuditEvent> {
  const request = deps.exchange.buildRequest(proposal.adjustment);
  const prepared = await prepare(deps, proposal, request);
  if ("refusal" in prepared) return refused(deps, proposal, prepared.refusal);
  const mayStart = () => houseRefusal(deps) === undefined;
  const answer = await deps.exchange.adjustMargin(request, permit, mayStart);
  return recordAnswer(deps, proposal, await checkRefusal(deps, answer, proposal.adjustment.position, prepared.before));
}

/**
 * Carries out a confirmed proposal, once, and gives the last row written. Throws `UnwrittenError` when the audit table
 * cannot be written; what stands there then (`confirmed`: nothing was sent; `sending`: not known) is settled at the next
 * start. Any other error is a bug: see `giveUp`.
 */
export async function send(deps: Deps, proposal: Proposal): Promise<AuditEvent> {
  const permit = await deps.exchange.takePermit(proposal.adjustment.position.account);
  return permit === undefined ? refused(deps, proposal, { code: "waited" }) : sendWithPermit(deps, proposal, permit);
}
