/** A database file opened for reading only: for the command line, on a copy or beside the running bot. */
import { accessSync, constants } from "node:fs";
import Database from "better-sqlite3";
import { openClaims } from "./claims.ts";
import { ALL_COLUMNS, type Row } from "./event-columns.ts";
import { brokenGuard } from "./guards.ts";
import { headFault } from "./head-check.ts";

/** Which rows are read. */
export interface Filter {
  /** All rows of adjustments that this person asked for, confirmed or approved, and their own other rows. */
  readonly user?: string;
  /** Rows from this moment on, in ms. */
  readonly since?: number;
}

/** The audit table, read only. */
export interface Reader {
  /** What is wrong with the file itself or with its guards, in words. */
  fault(): string | undefined;
  /** Number of the newest row; 0 when there is none. */
  lastSeq(): number;
  events(filter?: Filter): Iterable<Row>;
  /** All rows with this number and above, as quickly as can be. */
  chain(from: number): Iterable<Row>;
  /** The last row of the adjustment that stands before this number; undefined when there is none. */
  before(adjustment: string, seq: number): Row | undefined;
  /** Claims a bill, for this reading; false where it was claimed before. */
  claim(account: string, bill: string): boolean;
  /** What is wrong with the table of where each adjustment stands, in words, where `steps` rows belong to adjustments. */
  headFault(steps: number): string | undefined;
  close(): void;
}

/** `malformed`: there is a file, and it is no sound database. `unreadable`: missing, forbidden or locked. */
export type Opened =
  | { readonly ok: true; readonly reader: Reader }
  | { readonly ok: false; readonly why: "malformed" | "unreadable"; readonly reason: string };

const EVENTS = `SELECT ${ALL_COLUMNS} FROM audit_event
  WHERE at >= @since AND (@user = '' OR actor = @user OR adjustment IN (
    SELECT adjustment FROM audit_event
    WHERE actor = @user AND adjustment <> '' AND (step_number = 1 OR step IN ('approved', 'confirmed'))))
  ORDER BY seq`;

const CHAIN = `SELECT ${ALL_COLUMNS} FROM audit_event WHERE seq >= ? ORDER BY seq LIMIT ?`;
/** Rows that are fetched at once: a third quicker than one by one, and a few megabytes. */
const PAGE = 1000;

const BEFORE = `SELECT ${ALL_COLUMNS} FROM audit_event
  WHERE adjustment = +? AND adjustment <> '' AND seq < ? ORDER BY step_number DESC LIMIT 1`;

/** Kept of the file in memory, in KB: the check of the indexes reads the table out of order. */
const CACHE_KB = 32_768;

/** Whether an error of SQLite says that the file is damaged, rather than out of reach. */
export function isMalformed(error: unknown): boolean {
  const code = (error as { code?: string }).code ?? "";
  return code.startsWith("SQLITE_CORRUPT") || code === "SQLITE_NOTADB" || code === "SQLITE_ERROR";
}

function fault(db: Database.Database): string | undefined {
  const check = db.pragma("integrity_check(1)", { simple: true });
  return check === "ok" ? brokenGuard(db) : "the file is damaged";
}

function* chainOf(db: Database.Database, from: number): Generator<Row, void> {
  const rows = db.prepare(CHAIN);
  for (let next = from; ; ) {
    const page = rows.all(next, PAGE) as Row[];
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    next = last.seq + 1;
  }
}

function readerOn(db: Database.Database): Reader {
  const claims = openClaims();
  let before: Database.Statement | undefined;
  return {
    fault: () => fault(db),
    lastSeq: () => (db.prepare(`SELECT coalesce(max(seq), 0) AS seq FROM audit_event`).get() as { seq: number }).seq,
    events: ({ user = "", since = 0 } = {}) => db.prepare(EVENTS).iterate({ user, since }) as Iterable<Row>,
    chain: (from) => chainOf(db, from),
    before(adjustment, seq) {
      before ??= db.prepare(BEFORE);
      return before.get(adjustment, seq) as Row | undefined;
    },
    claim: claims.claim,
    headFault: (steps) => headFault(db, steps),
    close() {
      claims.close();
      db.close();
    },
  };
}

/** Opens the file at `path` for reading. Never writes to it, never waits longer than a second for a lock. */
export function openReader(path: string): Opened {
  try {
    accessSync(path, constants.R_OK);
  } catch {
    return { ok: false, why: "unreadable", reason: "the database file is missing or may not be read" };
  }
  try {
    const db = new Database(path, { readonly: true, fileMustExist: true, timeout: 1000 });
    db.pragma("schema_version");
    db.pragma(`cache_size = -${CACHE_KB}`);
    // One moment of the file for all that is read of it, however much is written meanwhile.
    db.exec("BEGIN");
    db.prepare("SELECT 1 FROM sqlite_master").get();
    return { ok: true, reader: readerOn(db) };
  } catch (error) {
    if (isMalformed(error)) return { ok: false, why: "malformed", reason: "the file is not a sound database" };
    return { ok: false, why: "unreadable", reason: "the database file is locked or cannot be opened" };
  }
}
