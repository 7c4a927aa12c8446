/**
 * What is asked of where adjustments stand, each by an index of its own: a statement that is as quick on a million rows as on
 * none. `INDEXED BY` makes one that cannot have its index an error, not a slow answer.
 */
import type Database from "better-sqlite3";
import { ALL_COLUMNS, type Row } from "./event-columns.ts";

/** How adjustments ended, by the groups that have an index (migration 0004), or that only few can be in at a time. */
export const ENDED = {
  done: ["accepted", "applied"],
  not_done: ["cancelled", "expired", "not_applied", "refused", "rejected"],
  not_known: ["sending", "unknown"],
} as const;

type Group = keyof typeof ENDED;

/** An adjustment that moved margin. */
export interface DoneRow extends Pick<Row, "adjustment" | "direction" | "amount"> {
  readonly at: number;
  /** The adjustment that it took back; null where it took none. */
  readonly undoes: string | null;
}

/** Which adjustments of one person. */
interface HistoryFilter {
  /** Those that ended so; without it all. */
  readonly ended?: Group;
  /** Those of these accounts; without it of all. */
  readonly accounts?: readonly string[];
  readonly skip: number;
  readonly limit: number;
}

type Position = Pick<Row, "account" | "symbol" | "marginCoin" | "holdSide">;

/** The last rows of adjustments, by where these stand. */
export interface Heads {
  /** Of those that stand at one of these steps, oldest first. Only for steps that few stand at. */
  currentlyAt(steps: readonly string[], limit: number): readonly Row[];
  /** Of those that this person asked for and can still confirm, oldest first. */
  openCards(askedBy: string, limit: number): readonly Row[];
  /** Of those that this person asked for, newest first. */
  history(askedBy: string, filter: HistoryFilter): readonly Row[];
  /** What moved this position's margin at `since` (ms) or later, and was asked for behind the row `after`; newest first. */
  done(
    position: Position,
    among: { readonly after: number; readonly since: number; readonly limit: number },
  ): DoneRow[];
}

function list(steps: readonly string[]): string {
  return steps.map((step) => `'${step}'`).join(", ");
}

/** The groups of a history: which index finds one, and what it holds. */
const GROUPS: Readonly<Record<Group | "all", readonly [index: string, condition: string]>> = {
  all: ["adjustment_head_asked_by", ""],
  done: ["adjustment_head_asked_done", `AND step IN (${list(ENDED.done)})`],
  not_done: ["adjustment_head_asked_not_done", `AND step IN (${list(ENDED.not_done)})`],
  not_known: ["adjustment_head_step", `AND step IN (${list(ENDED.not_known)})`],
};

function historyOf(group: Group | "all"): string {
  const [index, condition] = GROUPS[group];
  return `SELECT seq FROM adjustment_head INDEXED BY ${index}
    WHERE asked_by = @askedBy ${condition}
      AND (@accounts IS NULL OR account IN (SELECT value FROM json_each(@accounts)))
    ORDER BY first_seq DESC LIMIT @limit OFFSET @skip`;
}

// The limit comes first: however many there are, the rows of so many are looked at.
const DONE = `SELECT h.id AS adjustment, h.direction, h.amount, last.at,
    CASE WHEN json_valid(first.detail) AND json_type(first.detail, '$.undoes') = 'text'
      THEN json_extract(first.detail, '$.undoes') END AS undoes
  FROM (
    SELECT id, direction, amount, seq, first_seq FROM adjustment_head INDEXED BY adjustment_head_done
    WHERE account = @account AND symbol = @symbol AND margin_coin = @marginCoin AND hold_side = @holdSide
      AND step IN (${list(ENDED.done)}) AND first_seq > @after
    ORDER BY first_seq DESC LIMIT @limit) h
  CROSS JOIN audit_event last ON last.seq = h.seq
  CROSS JOIN audit_event first ON first.seq = h.first_seq
  WHERE last.at >= @since
  ORDER BY h.first_seq DESC`;

/** Prepares the statements on this connection. */
export function openHeads(db: Database.Database): Heads {
  const rowAt = db.prepare(`SELECT ${ALL_COLUMNS} FROM audit_event WHERE seq = ?`);
  const currentlyAt = db.prepare(`SELECT seq FROM adjustment_head INDEXED BY adjustment_head_step
    WHERE step IN (SELECT value FROM json_each(?)) ORDER BY first_seq LIMIT ?`);
  const openCards = db.prepare(`SELECT seq FROM adjustment_head INDEXED BY adjustment_head_step
    WHERE step IN ('proposed', 'approved') AND asked_by = ? ORDER BY first_seq LIMIT ?`);
  const histories = {
    all: db.prepare(historyOf("all")),
    done: db.prepare(historyOf("done")),
    not_done: db.prepare(historyOf("not_done")),
    not_known: db.prepare(historyOf("not_known")),
  };
  const done = db.prepare(DONE);
  const rowsAt = (found: unknown[]) => (found as Pick<Row, "seq">[]).map(({ seq }) => rowAt.get(seq) as Row);
  return {
    currentlyAt: (steps, limit) => rowsAt(currentlyAt.all(JSON.stringify(steps), limit)),
    openCards: (askedBy, limit) => rowsAt(openCards.all(askedBy, limit)),
    history(askedBy, { ended, accounts, skip, limit }) {
      const among = accounts === undefined ? null : JSON.stringify(accounts);
      return rowsAt(histories[ended ?? "all"].all({ askedBy, accounts: among, skip, limit }));
    },
    done: ({ account, symbol, marginCoin, holdSide }, among) =>
      done.all({ account, symbol, marginCoin, holdSide, ...among }) as DoneRow[],
  };
}
