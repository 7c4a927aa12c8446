/**
 * Send: from `confirmed` to a verdict. The order is the promise: a place in the exchange's budget, a fresh look, the row
 * `sending` on disk, and only then the one call. Nothing here is ever done twice.
 */
import type { Step } from "./adjustment.ts";
import type { Desk } from "./desk.ts";
import type { Answer, Exchanged, Order, Rejection, Slot } from "./exchange.ts";
import { look } from "./look.ts";
import type { Position } from "./position.ts";
import { amountRefusal, driftRefusal, type Seen } from "./preview.ts";
import { type Proposal, termsOf } from "./proposal.ts";
import type { Refusal } from "./refusal.ts";
import { type AuditEvent, BOT, type Detail } from "./trail.ts";

/** Most looks at the position after the exchange accepted: it may lag behind its own answer. */
const LOOKS_AFTER_MAX = 3;

/** What the person is told, and no more than is known. */
export type Verdict = { readonly proposal: Proposal; readonly event: AuditEvent } & (
  | { readonly kind: "done"; readonly after: Position | undefined }
  | { readonly kind: "refused"; readonly refusal: Refusal }
  | { readonly kind: "rejected"; readonly why: Rejection; readonly exchanged: Exchanged }
  | { readonly kind: "unknown"; readonly exchanged: Exchanged }
);

async function record(desk: Desk, proposal: Proposal, step: Step, code: string, detail: Detail): Promise<AuditEvent> {
  const { adjustment, place } = proposal;
  const entry = { adjustment: adjustment.id, step, actor: BOT, place, terms: termsOf(adjustment), code, detail };
  const appended = await desk.trail.append(entry);
  if (!appended.ok) throw new Error(`the audit table did not allow ${step} after ${appended.step}`);
  return appended.event;
}

async function refused(desk: Desk, proposal: Proposal, refusal: Refusal): Promise<Verdict> {
  const event = await record(desk, proposal, "refused", refusal.code, { refusal: { ...refusal } });
  return { kind: "refused", proposal, event, refusal };
}

async function freshLook(
  desk: Desk,
  { adjustment, seen: shown }: Proposal,
): Promise<{ refusal: Refusal } | { seen: Seen }> {
  const found = await look(desk, adjustment.position);
  if (!found.ok) return { refusal: found.refusal };
  const bounds = {
    decimalsMax: desk.exchange.decimals(adjustment.position.marginCoin),
    perAdjustment: desk.rules.perAdjustment,
  };
  // The limit was judged at the price that was shown: a price that moved must not block a rescue.
  const figures = { ...found.seen, markPrice: shown.markPrice };
  const refusal = driftRefusal(shown, found.seen) ?? amountRefusal(adjustment, figures, bounds);
  return refusal === undefined ? { seen: found.seen } : { refusal };
}

/** The row `sending`: durable before the first byte leaves. Undefined when another send is open on the symbol. */
async function recordSending(
  desk: Desk,
  proposal: Proposal,
  order: Order,
  before: Seen,
): Promise<AuditEvent | undefined> {
  const { adjustment, place } = proposal;
  const detail = { body: order.body, bodySha256: order.bodySha256, before: { ...before } };
  const terms = termsOf(adjustment);
  const entry = { adjustment: adjustment.id, step: "sending", actor: BOT, place, terms, code: "", detail } as const;
  const appended = await desk.trail.append(entry);
  return appended.ok ? appended.event : undefined;
}

async function after(desk: Desk, { adjustment, seen: shown }: Proposal): Promise<Position | undefined> {
  for (let looks = 1; looks <= LOOKS_AFTER_MAX; looks++) {
    const reading = await desk.exchange.position(adjustment.position);
    if (reading.ok && reading.value !== undefined && reading.value.margin !== shown.margin) return reading.value;
  }
  return undefined;
}

async function judged(desk: Desk, proposal: Proposal, answer: Answer): Promise<Verdict> {
  const detail = { exchanged: { ...answer.exchanged } };
  const code = answer.exchanged.code ?? answer.exchanged.fault ?? "";
  const event = await record(desk, proposal, answer.kind, code, detail);
  switch (answer.kind) {
    case "accepted":
      return { kind: "done", proposal, event, after: await after(desk, proposal) };
    case "rejected":
      return { kind: "rejected", proposal, event, why: answer.why, exchanged: answer.exchanged };
    case "unknown":
      return { kind: "unknown", proposal, event, exchanged: answer.exchanged };
  }
}

async function sendInSlot(desk: Desk, proposal: Proposal, slot: Slot): Promise<Verdict> {
  const fresh = await freshLook(desk, proposal);
  if ("refusal" in fresh) return refused(desk, proposal, fresh.refusal);
  const order = desk.exchange.order(proposal.adjustment);
  const sending = await recordSending(desk, proposal, order, fresh.seen);
  if (sending === undefined) {
    const { account, symbol, marginCoin } = proposal.adjustment.position;
    const open = await desk.trail.openSend(account, symbol, marginCoin);
    return refused(desk, proposal, { code: "locked", open: open?.adjustment ?? "", step: "sending" });
  }
  return judged(desk, proposal, await desk.exchange.adjustMargin(order, slot));
}

/**
 * Carries out a confirmed proposal, once. Throws only when the audit table cannot be written; what stands there then
 * (`confirmed`: nothing was sent; `sending`: not known) is settled at the next start.
 */
export async function send(desk: Desk, proposal: Proposal): Promise<Verdict> {
  const slot = await desk.exchange.slot(proposal.adjustment.position.account);
  return slot === undefined ? refused(desk, proposal, { code: "waited" }) : sendInSlot(desk, proposal, slot);
}
