/**
 * The statements that lie on the way of the money: prepared once, on a connection of their own. The
 * same through Prisma costs four milliseconds a press (`npm run bench`), as it prepares each statement anew.
 */
import Database from "better-sqlite3";

/** A row as it is stored: text and whole numbers only. */
export interface Row {
  readonly seq: number;
  readonly version: number;
  /** In ms; the two clients of the database give it in two types. */
  readonly at: number | bigint;
  readonly adjustment: string;
  readonly step: string;
  readonly stepNumber: number;
  readonly actor: string;
  readonly actorName: string;
  readonly chat: string;
  readonly topic: string;
  readonly message: string;
  readonly account: string;
  readonly productType: string;
  readonly symbol: string;
  readonly marginCoin: string;
  readonly holdSide: string;
  readonly direction: string;
  readonly amount: string;
  readonly code: string;
  readonly detail: string;
  readonly prevHash: string;
  readonly hash: string;
}

/** Columns by the names of the program. */
const COLUMNS: Readonly<Record<keyof Row, string>> = {
  seq: "seq",
  version: "version",
  at: "at",
  adjustment: "adjustment",
  step: "step",
  stepNumber: "step_number",
  actor: "actor",
  actorName: "actor_name",
  chat: "chat",
  topic: "topic",
  message: "message",
  account: "account",
  productType: "product_type",
  symbol: "symbol",
  marginCoin: "margin_coin",
  holdSide: "hold_side",
  direction: "direction",
  amount: "amount",
  code: "code",
  detail: "detail",
  prevHash: "prev_hash",
  hash: "hash",
};

interface CardPlace {
  readonly chat: string;
  readonly topic: string;
  readonly message: string;
}

export interface Journal {
  /** Adds a row, durably. False when a guard of the database does not let it in. */
  insert(row: Row): boolean;
  /** The end of the chain; undefined when the table is empty. */
  last(): Pick<Row, "seq" | "hash"> | undefined;
  /** The rows of an adjustment, oldest first. */
  events(adjustment: string): readonly Row[];
  /** Where an adjustment stands; undefined when it has no row. */
  standing(adjustment: string): Pick<Row, "step" | "stepNumber"> | undefined;
  /** The newest row of this step that belongs to no adjustment. */
  lastNote(step: string): Row | undefined;
  /** The message that shows the card of an adjustment. */
  card(adjustment: string): CardPlace | undefined;
  close(): void;
}

const SYNCHRONOUS_FULL = 2;
const CONSTRAINTS = ["SQLITE_CONSTRAINT_TRIGGER", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"];

function isRefusal(error: unknown): boolean {
  return CONSTRAINTS.includes((error as { code?: string }).code ?? "");
}

/** Opens the journal of the database at `file`. All writes belong into the one lane of the store. */
export function openJournal(file: string, busyTimeoutMs: number): Journal {
  const db = new Database(file, { fileMustExist: true, timeout: busyTimeoutMs });
  db.pragma("synchronous = FULL");
  db.pragma("trusted_schema = OFF");
  if (db.pragma("synchronous", { simple: true }) !== SYNCHRONOUS_FULL) throw new Error("the database does not sync");
  const names = Object.entries(COLUMNS);
  const all = names.map(([name, column]) => `"${column}" AS "${name}"`).join(", ");
  const columns = names.map(([, column]) => `"${column}"`).join(", ");
  const values = names.map(([name]) => `@${name}`).join(", ");
  const insert = db.prepare(`INSERT INTO audit_event (${columns}) VALUES (${values})`);
  const last = db.prepare(`SELECT seq, hash FROM audit_event ORDER BY seq DESC LIMIT 1`);
  // The second condition lets SQLite use the partial index of steps. The plus hides the value from its planner, which would
  // judge the condition by it, and so prepare the statement anew for each value.
  const steps = `FROM audit_event WHERE adjustment = +? AND adjustment <> '' ORDER BY step_number`;
  const events = db.prepare(`SELECT ${all} ${steps}`);
  const standing = db.prepare(`SELECT step, step_number AS stepNumber ${steps} DESC LIMIT 1`);
  const note = db.prepare(
    `SELECT ${all} FROM audit_event WHERE adjustment = '' AND step = ? ORDER BY seq DESC LIMIT 1`,
  );
  const card = db.prepare(`SELECT chat, topic, message FROM card WHERE adjustment = ?`);
  return {
    insert(row) {
      try {
        insert.run(row);
        return true;
      } catch (error) {
        if (isRefusal(error)) return false;
        throw error;
      }
    },
    last: () => last.get() as Pick<Row, "seq" | "hash"> | undefined,
    events: (adjustment) => events.all(adjustment) as Row[],
    standing: (adjustment) => standing.get(adjustment) as Pick<Row, "step" | "stepNumber"> | undefined,
    lastNote: (step) => note.get(step) as Row | undefined,
    card: (adjustment) => card.get(adjustment) as CardPlace | undefined,
    close: () => db.close(),
  };
}
