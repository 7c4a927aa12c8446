/** Settle: what becomes of adjustments whose outcome nobody knows, after a lost answer or a restart. Never sends. */
import type { Step } from "./adjustment.ts";
import type { Desk } from "./desk.ts";
import { type Proposal, proposalOf, termsOf } from "./proposal.ts";
import { lookAtEvidence, proof } from "./reconcile.ts";
import { type Actor, type AuditEvent, BOT, type Detail, type Place } from "./trail.ts";

export type Settling =
  | { readonly kind: "settled"; readonly event: AuditEvent }
  | { readonly kind: "not_open"; readonly step: Step | undefined }
  /** A late request could still be executed until `from`, in ms. */
  | { readonly kind: "too_early"; readonly from: number }
  | { readonly kind: "not_admin" };

async function step(
  desk: Desk,
  proposal: Proposal,
  to: Step,
  by: Actor,
  place: Place,
  code: string,
  detail: Detail,
): Promise<AuditEvent | undefined> {
  const { adjustment } = proposal;
  const entry = { adjustment: adjustment.id, step: to, actor: by, place, terms: termsOf(adjustment), code, detail };
  const appended = await desk.trail.append(entry);
  return appended.ok ? appended.event : undefined;
}

/** An admin says by hand what became of an unknown outcome, with a reason. */
export async function settleByHand(
  desk: Desk,
  deed: { id: string; outcome: "applied" | "not_applied"; reason: string; by: Actor; place: Place },
): Promise<Settling> {
  if (desk.roleOf(deed.by.id) !== "admin") return { kind: "not_admin" };
  const events = await desk.trail.events(deed.id);
  const [proposal, last] = [proposalOf(events[0]), events.at(-1)];
  const sent = events.find((event) => event.step === "sending");
  if (proposal === undefined || sent === undefined || last?.step !== "unknown") {
    return { kind: "not_open", step: last?.step as Step | undefined };
  }
  const { signedAt = 0 } = (last.detail["exchanged"] ?? {}) as { signedAt?: number };
  const from = Math.max(sent.at, signedAt) + desk.rules.settleWindowMs;
  if (desk.now() < from) return { kind: "too_early", from };
  const looked = await lookAtEvidence(desk, deed.id);
  const detail = { reason: deed.reason, ...(looked === undefined ? {} : { evidence: proof(looked) }) };
  const event = await step(desk, proposal, deed.outcome, deed.by, deed.place, "by_hand", detail);
  return event === undefined ? { kind: "not_open", step: undefined } : { kind: "settled", event };
}

/**
 * Before the first update of a new process: what was confirmed but not sent is refused (nothing left), and what was
 * being sent is unknown.
 */
export async function recover(desk: Desk): Promise<void> {
  for (const standing of await desk.trail.standing(["confirmed", "sending"])) {
    const proposal = proposalOf((await desk.trail.events(standing.adjustment))[0]);
    if (proposal === undefined) continue;
    const to = standing.step === "confirmed" ? "refused" : "unknown";
    await step(desk, proposal, to, BOT, proposal.place, "restart", {});
  }
}
