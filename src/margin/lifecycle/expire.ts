/** Expiry: the last row of each card whose time is over. */
import type { AuditEvent } from "../model/audit-event.ts";
import { entryOf, proposalOf } from "../model/proposal.ts";
import type { Desk } from "../ports/deps.ts";
import { end } from "./confirm.ts";

/** Writes `expired` for every card whose time is over. Gives the rows written. */
export async function expireCards(desk: Desk): Promise<readonly AuditEvent[]> {
  const expired: AuditEvent[] = [];
  for (const { adjustment } of await desk.trail.standing(["proposed", "approved"])) {
    const proposal = proposalOf((await desk.trail.events(adjustment))[0]);
    if (proposal === undefined || desk.now() < proposal.expiresAt) continue;
    const done = await end(desk, proposal, entryOf(proposal, "expired"));
    if (done.kind === "won") expired.push(done.event);
  }
  return expired;
}
