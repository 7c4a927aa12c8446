/** Expiry: the last row of each card whose time is over. */
import type { AuditEvent } from "../model/audit-event.ts";
import { entryOf, proposalOf } from "../model/proposal.ts";
import type { Deps } from "../ports/deps.ts";
import { end } from "./confirm.ts";

/** Writes `expired` for every card whose time is over. Gives the rows written. */
export async function expireCards(deps: Deps): Promise<readonly AuditEvent[]> {
  const expired: AuditEvent[] = [];
  for (const { adjustment } of await deps.trail.currentlyAt(["proposed", "approved"])) {
    const proposal = proposalOf((await deps.trail.events(adjustment))[0]);
    if (proposal === undefined || deps.now() < proposal.expiresAt) continue;
    const done = await end(deps, proposal, entryOf(proposal, "expired"));
    if (done.kind === "won") expired.push(done.event);
  }
  return expired;
}
