/**
 * The statements that lie on the way of the money: prepared once, on a connection of their own. The
 * same through Prisma costs four milliseconds a press (`npm run bench`), as it prepares each statement anew.
 */
import Database from "better-sqlite3";
import { ALL_COLUMNS, INSERT_EVENT, type Row } from "./event-columns.ts";
import { type Heads, openHeads } from "./heads.ts";

/** Which guard of the database did not let a row in. `step`: it is no legal next step; `chain`: not the next row. */
type Guard = "step" | "chain" | "in_flight" | "frozen" | "moved_since" | "bill_claimed";

interface CardLocation {
  readonly chat: string;
  readonly topic: string;
  readonly message: string;
}

/** The prepared statements on the way of the money. */
export interface Journal {
  /** Adds a row, durably; gives the guard of the database that does not let it in, where one does not. */
  insert(row: Row): Guard | undefined;
  /** False when the row that this process wrote last, or found last when it opened the file, is not in it any more. */
  holdsWritten(): boolean;
  /** The end of the chain; undefined when the table is empty. */
  last(): Pick<Row, "seq" | "hash"> | undefined;
  /** The rows of an adjustment, oldest first. */
  events(adjustment: string): readonly Row[];
  /** Where an adjustment stands; undefined when it has no row. */
  currentlyAt(adjustment: string): Pick<Row, "step" | "stepNumber"> | undefined;
  /** The number of the newest row of a symbol and coin; 0 when there is none. */
  newestOf(account: string, symbol: string, marginCoin: string): number;
  /** Whether a row behind `seq` says that money moved on this position. */
  movedSince(position: Pick<Row, "account" | "symbol" | "marginCoin" | "holdSide">, seq: number): boolean;
  /** The last row of the adjustment whose money may be under way on this symbol and coin. */
  inFlight(account: string, symbol: string, marginCoin: string): Row | undefined;
  /** The newest row of this step that belongs to no adjustment. */
  lastNote(step: string): Row | undefined;
  /** The message that shows the card of an adjustment. */
  card(adjustment: string): CardLocation | undefined;
  readonly heads: Heads;
  close(): void;
}

const SYNCHRONOUS_FULL = 2;
const CONSTRAINTS = ["SQLITE_CONSTRAINT_TRIGGER", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"];

/** A part of what SQLite says when the guard of this name refuses: the words of a trigger, or the columns of an index. */
const GUARD_WORDS: readonly (readonly [string, Guard])[] = [
  ["not the next link of the chain", "chain"],
  ["audit_event.prev_hash", "chain"],
  ["audit_event.seq", "chain"],
  ["not a first step", "step"],
  ["not a legal next step", "step"],
  ["audit_event.step_number", "step"],
  ["another send is open on this symbol", "in_flight"],
  ["adjustment_head.account", "in_flight"],
  ["the bot is frozen", "frozen"],
  ["money moved on this symbol", "moved_since"],
  ["this bill settled another adjustment", "bill_claimed"],
  ["claimed_bill.account", "bill_claimed"],
];

/** The guard that this error speaks of; undefined when it is none of ours. */
function guardOf(error: unknown): Guard | undefined {
  const { code = "", message = "" } = error as { code?: string; message?: string };
  return CONSTRAINTS.includes(code) ? GUARD_WORDS.find(([words]) => message.includes(words))?.[1] : undefined;
}

/** What the rows say of a symbol's money, from where each adjustment stands. */
function openMovements(db: Database.Database, all: string): Pick<Journal, "newestOf" | "movedSince" | "inFlight"> {
  const ofSymbol = `FROM adjustment_head WHERE account = ? AND symbol = ? AND margin_coin = ?`;
  const newest = db.prepare(`SELECT coalesce(max(seq), 0) AS seq ${ofSymbol}`);
  const moved = db.prepare(
    `SELECT 1 ${ofSymbol} AND seq > ? AND hold_side = ? AND step IN ('accepted', 'applied') LIMIT 1`,
  );
  const open = db.prepare(
    `SELECT ${all} FROM audit_event WHERE seq = (SELECT seq ${ofSymbol} AND step IN ('sending', 'unknown') LIMIT 1)`,
  );
  return {
    newestOf: (account, symbol, marginCoin) => (newest.get(account, symbol, marginCoin) as Pick<Row, "seq">).seq,
    movedSince: ({ account, symbol, marginCoin, holdSide }, seq) =>
      moved.get(account, symbol, marginCoin, seq, holdSide) !== undefined,
    inFlight: (account, symbol, marginCoin) => open.get(account, symbol, marginCoin) as Row | undefined,
  };
}

/** Opens the journal of the database at `file`. All writes belong into the one lane of the store. */
export function openJournal(file: string, busyTimeoutMs: number): Journal {
  const db = new Database(file, { fileMustExist: true, timeout: busyTimeoutMs });
  db.pragma("synchronous = FULL");
  db.pragma("trusted_schema = OFF");
  if (db.pragma("synchronous", { simple: true }) !== SYNCHRONOUS_FULL) throw new Error("the database does not sync");
  const all = ALL_COLUMNS;
  const insert = db.prepare(INSERT_EVENT);
  const last = db.prepare(`SELECT seq, hash FROM audit_event ORDER BY seq DESC LIMIT 1`);
  // The second condition lets SQLite use the partial index of steps. The plus hides the value from its planner, which would
  // judge the condition by it, and so prepare the statement anew for each value.
  const steps = `FROM audit_event WHERE adjustment = +? AND adjustment <> '' ORDER BY step_number`;
  const events = db.prepare(`SELECT ${all} ${steps}`);
  const currentlyAt = db.prepare(`SELECT step, step_number AS stepNumber ${steps} DESC LIMIT 1`);
  const note = db.prepare(
    `SELECT ${all} FROM audit_event WHERE adjustment = '' AND step = ? ORDER BY seq DESC LIMIT 1`,
  );
  const card = db.prepare(`SELECT chat, topic, message FROM card WHERE adjustment = ?`);
  const hashOf = db.prepare(`SELECT hash FROM audit_event WHERE seq = ?`);
  let written = last.get() as Pick<Row, "seq" | "hash"> | undefined;
  return {
    insert(row) {
      try {
        insert.run(row);
        written = row;
        return undefined;
      } catch (error) {
        const guard = guardOf(error);
        if (guard === undefined) throw error;
        return guard;
      }
    },
    holdsWritten() {
      if (written === undefined) return true;
      return (hashOf.get(written.seq) as Pick<Row, "hash"> | undefined)?.hash === written.hash;
    },
    last: () => last.get() as Pick<Row, "seq" | "hash"> | undefined,
    events: (adjustment) => events.all(adjustment) as Row[],
    currentlyAt: (adjustment) => currentlyAt.get(adjustment) as Pick<Row, "step" | "stepNumber"> | undefined,
    ...openMovements(db, all),
    lastNote: (step) => note.get(step) as Row | undefined,
    card: (adjustment) => card.get(adjustment) as CardLocation | undefined,
    heads: openHeads(db),
    close: () => db.close(),
  };
}
