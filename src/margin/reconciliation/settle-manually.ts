/** Settle: what becomes of adjustments whose outcome nobody knows, after a lost answer or a restart. Never sends. */

import type { Step } from "../model/adjustment.ts";
import type { Actor, AuditEvent, ChatLocation } from "../model/audit-event.ts";
import { entryOf, subjectOf } from "../model/proposal.ts";
import type { Deps } from "../ports/deps.ts";
import { lookAtEvidence, proof } from "./reconcile.ts";

/** What became of an admin's word. Only `settled` wrote a row. */
export type Settling =
  | { readonly kind: "settled"; readonly event: AuditEvent }
  | { readonly kind: "not_open"; readonly step: Step | undefined }
  /** A late request could still be executed until `from`, in ms. */
  | { readonly kind: "too_early"; readonly from: number }
  | { readonly kind: "not_admin" };

/** An admin says by hand what became of an unknown outcome, with a reason. */
export async function settleByHand(
  deps: Deps,
  decision: { id: string; outcome: "applied" | "not_applied"; reason: string; by: Actor; location: ChatLocation },
): Promise<Settling> {
  if (deps.roleOf(decision.by.id) !== "admin") return { kind: "not_admin" };
  const events = await deps.events.of(decision.id);
  const [card, last] = [subjectOf(events[0]), events.at(-1)];
  const sent = events.find((event) => event.step === "sending");
  if (card === undefined || sent === undefined || last?.step !== "unknown") {
    return { kind: "not_open", step: last?.step as Step | undefined };
  }
  const { signedAt = 0 } = last.detail.exchanged ?? {};
  const from = Math.max(sent.at, signedAt) + deps.rules.settleWindowMs;
  if ((await deps.sureNow()) < from) return { kind: "too_early", from };
  const looked = await lookAtEvidence(deps, decision.id);
  const detail = { reason: decision.reason, evidence: looked && proof(looked) };
  const named = { actor: decision.by, location: decision.location, code: "by_hand" };
  const entry =
    decision.outcome === "applied"
      ? entryOf(card, "applied", detail, named)
      : entryOf(card, "not_applied", detail, named);
  const appended = await deps.events.append(entry);
  return appended.ok ? { kind: "settled", event: appended.event } : { kind: "not_open", step: undefined };
}
