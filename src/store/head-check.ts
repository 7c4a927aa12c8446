/** Whether the table of where each adjustment stands agrees with the rows, found by the database itself. */
import type Database from "better-sqlite3";

const TERMS = ["account", "product_type", "symbol", "margin_coin", "hold_side", "direction", "amount"];

/** A head whose first or last row is not as it says. */
const WRONG = `SELECT h.id FROM adjustment_head h
  LEFT JOIN audit_event last ON last.seq = h.seq
  LEFT JOIN audit_event first ON first.seq = h.first_seq
  WHERE (last.adjustment = h.id AND last.step = h.step AND last.step_number = h.step_number
    AND first.adjustment = h.id AND first.step_number = 1 AND first.actor = h.asked_by
    AND ${TERMS.map((term) => `first.${term} = h.${term}`).join(" AND ")}) IS NOT TRUE
  LIMIT 1`;
/** A head that a later row of its adjustment is missing in. */
const STALE = `SELECT h.id FROM adjustment_head h WHERE EXISTS (
    SELECT 1 FROM audit_event WHERE adjustment = h.id AND adjustment <> '' AND step_number = h.step_number + 1)
  LIMIT 1`;

function idOf(db: Database.Database, query: string): string | undefined {
  return (db.prepare(query).get() as { id: string } | undefined)?.id;
}

/**
 * What is wrong with where adjustments stand, in words; undefined where nothing is. `steps` is how many rows belong to
 * adjustments, whose steps are known to be numbered without a gap: then the numbers of the last ones come to as many.
 */
export function headFault(db: Database.Database, steps: number): string | undefined {
  const wrong = idOf(db, WRONG);
  const { sum } = db.prepare("SELECT coalesce(sum(step_number), 0) AS sum FROM adjustment_head").get() as {
    sum: number;
  };
  const found = wrong ?? (sum === steps ? undefined : idOf(db, STALE));
  if (found !== undefined) return `where adjustment ${found} stands does not agree with its rows`;
  return sum === steps ? undefined : "an adjustment is missing from the table of where each stands";
}
