/** One's own adjustments, a page at a time. */
import type { AuditEvent } from "../model/audit-event.ts";
import type { Deps } from "../ports/deps.ts";

/** What a history can be narrowed to, in the order in which it is offered. */
export const HISTORY_FILTERS = ["all", "done", "not_done", "not_known"] as const;
/** All, or those that came to one end. */
export type HistoryFilter = (typeof HISTORY_FILTERS)[number];

/** Rows of one page. */
const PAGE = 8;

export interface HistoryPage {
  readonly events: readonly AuditEvent[];
  readonly hasOlder: boolean;
}

/** The last events of a person's adjustments, newest first; page 0 is the newest. */
export async function historyPage(
  { projections }: Pick<Deps, "projections">,
  askedBy: string,
  filter: HistoryFilter,
  page: number,
): Promise<HistoryPage> {
  const ended = filter === "all" ? {} : { ended: filter };
  const found = await projections.history(askedBy, { ...ended, skip: page * PAGE, limit: PAGE + 1 });
  return { events: found.slice(0, PAGE), hasOlder: found.length > PAGE };
}

/** Every step of one adjustment, oldest first; undefined where this person did not ask for it. */
export async function ownAdjustment(
  { events: store }: Pick<Deps, "events">,
  askedBy: string,
  adjustment: string,
): Promise<readonly AuditEvent[] | undefined> {
  const events = await store.of(adjustment);
  return events[0]?.actor.id === askedBy ? events : undefined;
}
