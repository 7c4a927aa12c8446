/** Undo: an adjustment of its own in the other direction. Its first row names the one that it takes back. */
import type { MarginAdjustment } from "../model/adjustment.ts";
import type { AuditEvent } from "../model/audit-event.ts";
import { type Amount, add, decimal } from "../model/decimal.ts";
import type { Position } from "../model/position.ts";
import type { Refusal } from "../model/refusal.ts";
import type { EventStore } from "../ports/audit-trail.ts";
import type { Deps } from "../ports/deps.ts";

/** Most done adjustments of one position that are looked through, newest first; an older one can no longer be undone. */
export const DEEDS_MAX = 500;

/** Whether an adjustment can be undone. `nothing_to_undo`: it was not done, or too long ago. */
export type Undoing = "open" | "nothing_to_undo" | "undone";

/** The adjustment that this one undoes, from its first row; undefined where it undoes none. */
export function undoesOf(first: AuditEvent | undefined): string | undefined {
  return first?.step === "proposed" || first?.step === "refused" ? first.detail.undoes : undefined;
}

/** How much of which adjustment was taken back, by these adjustments that were done. */
export async function sumUndone(events: EventStore, done: readonly AuditEvent[]): Promise<ReadonlyMap<string, Amount>> {
  const taken = new Map<string, Amount>();
  for (const { adjustment, terms } of done) {
    const undoes = undoesOf((await events.of(adjustment))[0]);
    if (undoes === undefined) continue;
    const amount = decimal<"margin coin">(terms.amount);
    const before = taken.get(undoes);
    taken.set(undoes, before === undefined ? amount : add(before, amount));
  }
  return taken;
}

/**
 * Whether this adjustment can be undone now. Each adjustment is undone once: an undo that was undone itself is done again there. What
 * was done before the position was opened (`since`, ms) went with an older one.
 */
export async function undoStateOf(
  { events, projections }: Deps,
  { id, position }: Omit<MarginAdjustment, "amount" | "direction">,
  since = 0,
): Promise<Undoing> {
  const done = (await projections.done(position, DEEDS_MAX)).filter(({ at }) => at >= since);
  if (!done.some(({ adjustment }) => adjustment === id)) return "nothing_to_undo";
  return (await sumUndone(events, done)).has(id) ? "undone" : "open";
}

/** Why an adjustment that would undo another one is not done, with the position as it is now; undefined when it may be. */
export async function undoRefusal(
  deps: Deps,
  undoes: string | undefined,
  position: Position,
): Promise<Refusal | undefined> {
  if (undoes === undefined) return undefined;
  const found = await undoStateOf(deps, { id: undoes, position }, position.openedAt);
  return found === "open" ? undefined : { code: found };
}
