/** Undo: an adjustment of its own in the other direction. Its first row names the one that it takes back. */
import { DONE_STEPS, type MarginAdjustment } from "../model/adjustment.ts";
import type { AuditEvent } from "../model/audit-event.ts";
import { type Amount, add } from "../model/decimal.ts";
import type { Position, PositionKey } from "../model/position.ts";
import type { Refusal } from "../model/refusal.ts";
import type { DoneAdjustment } from "../ports/audit-trail.ts";
import type { Deps } from "../ports/deps.ts";

/** Most adjustments of one position that are looked through, newest first: one that so many came after is not undone. */
export const DEEDS_MAX = 500;

/** Whether an adjustment can be undone. `nothing_to_undo`: it was not done, or too long ago. */
export type Undoing = "open" | "nothing_to_undo" | "undone";

/** The adjustment that this one undoes, from its first row; undefined where it undoes none. */
export function undoesOf(first: AuditEvent | undefined): string | undefined {
  return first?.step === "proposed" || first?.step === "refused" ? first.detail.undoes : undefined;
}

/** How much of which adjustment was taken back, by these adjustments that were done. */
export function sumUndone(done: readonly DoneAdjustment[]): ReadonlyMap<string, Amount> {
  const taken = new Map<string, Amount>();
  for (const { undoes, amount } of done) {
    if (undoes === undefined) continue;
    const before = taken.get(undoes);
    taken.set(undoes, before === undefined ? amount : add(before, amount));
  }
  return taken;
}

function isDone({ step }: AuditEvent): boolean {
  return (DONE_STEPS as readonly string[]).includes(step);
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
  const rows = await events.of(id);
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined || !isDone(last) || last.at < since) return "nothing_to_undo";
  if (!isOn(position, first)) return "nothing_to_undo";
  // What takes it back was asked for after it.
  const later = await projections.done(position, { after: first.seq, limit: DEEDS_MAX });
  if (later.some(({ undoes }) => undoes === id)) return "undone";
  return later.length < DEEDS_MAX ? "open" : "nothing_to_undo";
}

function isOn({ account, symbol, marginCoin, holdSide }: PositionKey, { terms }: AuditEvent): boolean {
  const isSymbol = terms.account === account && terms.symbol === symbol;
  return isSymbol && terms.marginCoin === marginCoin && terms.holdSide === holdSide;
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
