/**
 * Send: from `confirmed` to a verdict. The order is the promise: a place in the exchange's budget, a fresh look, the row
 * `sending` on disk, and only then the one call. Nothing here is ever done twice.
 */
import type { MarginAdjustment, Step } from "./adjustment.ts";
import type { Desk } from "./desk.ts";
import type { Answer, Order, Slot } from "./exchange.ts";
import { type Look, look } from "./look.ts";
import { amountRefusal, driftRefusal, marginAfter, type Seen } from "./preview.ts";
import { entryOf, type Proposal } from "./proposal.ts";
import type { Refusal } from "./refusal.ts";
import { floorRefusal } from "./removable.ts";
import type { AuditEvent, Entry } from "./trail.ts";
import { undoRefusal } from "./undo.ts";

const RECORD_TRIES_MAX = 3;

async function record(desk: Desk, entry: Entry): Promise<AuditEvent> {
  const appended = await desk.trail.append(entry);
  if (!appended.ok) throw new Error(`the audit table did not allow ${entry.step} after ${appended.step}`);
  return appended.event;
}

function refused(desk: Desk, proposal: Proposal, refusal: Refusal): Promise<AuditEvent> {
  return record(desk, entryOf(proposal, "refused", { code: refusal.code, detail: { refusal: { ...refusal } } }));
}

async function freshLook(
  desk: Desk,
  { adjustment, seen: shown, undoes }: Proposal,
): Promise<{ refusal: Refusal } | { seen: Seen }> {
  const removes = adjustment.direction === "remove";
  const found = await look(desk, adjustment.position, removes);
  if (!found.ok) return { refusal: found.refusal };
  const bounds = {
    decimalsMax: desk.exchange.decimals(adjustment.position.marginCoin),
    perAdjustment: desk.rules.perAdjustment,
  };
  // The limit was judged at the price that was shown: a price that moved must not block a rescue.
  const figures = { ...found.seen, markPrice: shown.markPrice };
  const refusal =
    driftRefusal(shown, found.seen) ?? amountRefusal(adjustment, figures, bounds) ?? floorAt(desk, adjustment, found);
  const stopped = refusal ?? (await undoRefusal(desk, undoes, found.position));
  return stopped === undefined ? { seen: found.seen } : { refusal: stopped };
}

/** The floor at the fresh mark: a removal may have become too near meanwhile. An addition is never stopped by it. */
function floorAt({ rules }: Desk, adjustment: MarginAdjustment, { position, tiers }: Look & { ok: true }) {
  const newMargin = marginAfter(position.margin, adjustment);
  return floorRefusal(position, newMargin, { tiers, floor: rules.removeFloor });
}

/** The row `sending`: durable before the first byte leaves. Undefined when the table does not let it in. */
async function recordSending(
  desk: Desk,
  proposal: Proposal,
  order: Order,
  before: Seen,
): Promise<AuditEvent | undefined> {
  const [serverAt, clockErrorMs] = [desk.exchange.serverNow(), desk.exchange.clockErrorMs()];
  const detail = { body: order.body, bodySha256: order.bodySha256, before: { ...before }, serverAt, clockErrorMs };
  const appended = await desk.trail.append(entryOf(proposal, "sending", { detail }));
  return appended.ok ? appended.event : undefined;
}

/** Why nothing goes out just now, whatever was confirmed; undefined when it may. */
function houseRefusal({ brake, closing }: Desk): Refusal | undefined {
  if (closing()) return { code: "closing" };
  return brake.frozen() === undefined ? undefined : { code: "frozen" };
}

/** What the exchange said is known only here: a write that fails is tried again before it is given up. */
async function recordAtLast(write: () => Promise<AuditEvent>): Promise<AuditEvent> {
  for (let tries = 1; tries < RECORD_TRIES_MAX; tries++) {
    const event = await write().catch(() => undefined);
    if (event !== undefined) return event;
  }
  return write();
}

function recordAnswer(desk: Desk, proposal: Proposal, answer: Answer): Promise<AuditEvent> {
  const why = answer.kind === "rejected" ? { why: answer.why } : {};
  const code = answer.exchanged.code ?? answer.exchanged.fault ?? "";
  const detail = { ...why, exchanged: { ...answer.exchanged } };
  return recordAtLast(() => record(desk, entryOf(proposal, answer.kind, { code, detail })));
}

async function sendInSlot(desk: Desk, proposal: Proposal, slot: Slot): Promise<AuditEvent> {
  const halted = houseRefusal(desk);
  if (halted !== undefined) return refused(desk, proposal, halted);
  const fresh = await freshLook(desk, proposal);
  if ("refusal" in fresh) return refused(desk, proposal, (await lockRefusal(desk, proposal)) ?? fresh.refusal);
  const order = desk.exchange.order(proposal.adjustment);
  const sending = await recordSending(desk, proposal, order, fresh.seen);
  if (sending === undefined) return refused(desk, proposal, await whyNotSending(desk, proposal));
  const mayStart = () => houseRefusal(desk) === undefined;
  return recordAnswer(desk, proposal, await desk.exchange.adjustMargin(order, slot, mayStart));
}

/** Another adjustment of the symbol whose money may be under way: it explains whatever else looks odd. */
async function lockRefusal(desk: Desk, proposal: Proposal): Promise<Refusal | undefined> {
  const { account, symbol, marginCoin } = proposal.adjustment.position;
  const open = await desk.trail.openSend(account, symbol, marginCoin);
  return open && { code: "locked", open: open.adjustment, step: open.step as Step };
}

/** The table did not let `sending` in: another send is open on the symbol, or the brake was pulled meanwhile. */
async function whyNotSending(desk: Desk, proposal: Proposal): Promise<Refusal> {
  return (await lockRefusal(desk, proposal)) ?? { code: "frozen" };
}

/**
 * Carries out a confirmed proposal, once, and gives the last row written. Throws `UnwrittenError` when the audit table
 * cannot be written; what stands there then (`confirmed`: nothing was sent; `sending`: not known) is settled at the next
 * start. Any other error is a bug: see `giveUp`.
 */
export async function send(desk: Desk, proposal: Proposal): Promise<AuditEvent> {
  const slot = await desk.exchange.slot(proposal.adjustment.position.account);
  return slot === undefined ? refused(desk, proposal, { code: "waited" }) : sendInSlot(desk, proposal, slot);
}
