/** Expiry: the last row of each card whose time is over. */
import type { AuditEvent } from "../model/audit-event.ts";
import { entryOf, subjectOf } from "../model/proposal.ts";
import type { Deps } from "../ports/deps.ts";

/** When a card can no longer be confirmed, in ms. One that does not say so can be confirmed by nobody. */
function expiryOf(first: AuditEvent | undefined): number {
  return (first?.step === "proposed" ? first.detail.expiresAt : undefined) ?? 0;
}

/** Writes `expired` for every card whose time is over. Gives the rows written. */
export async function expireCards(deps: Deps): Promise<readonly AuditEvent[]> {
  const expired: AuditEvent[] = [];
  const now = await deps.sureNow();
  for (const { adjustment } of await deps.projections.currentlyAt(["proposed", "approved"])) {
    const [first] = await deps.events.of(adjustment);
    const card = subjectOf(first);
    if (card === undefined || now < expiryOf(first)) continue;
    const appended = await deps.events.append(entryOf(card, "expired", {}));
    if (appended.ok) expired.push(appended.event);
  }
  return expired;
}
