/** The floor of a row in the audit table: the same table and the same durability, without the bot. */
import Database from "better-sqlite3";

type Row = Readonly<Record<string, string | number>>;

export interface BareTable {
  /** Durably, a copy of the row of this step. */
  insert(step: string): void;
  close(): void;
}

/** A database with the audit table and its indexes as the bot has them, without the guards, and rows to copy into it. */
export function bareTable(botFile: string, file: string, steps: readonly string[]): BareTable {
  const source = new Database(botFile, { readonly: true });
  const sql = source
    .prepare("SELECT sql FROM sqlite_master WHERE tbl_name = 'audit_event' AND type IN ('table', 'index')")
    .pluck()
    .all() as (string | null)[];
  const row = source.prepare("SELECT * FROM audit_event WHERE step = ? ORDER BY seq LIMIT 1");
  const models = new Map(steps.map((step) => [step, row.get(step) as Row]));
  source.close();
  const db = new Database(file);
  db.pragma("journal_mode = WAL");
  db.pragma("synchronous = FULL");
  for (const statement of sql) if (statement !== null) db.exec(statement);
  const names = Object.keys(models.get(steps[0] ?? "") ?? {});
  const statement = db.prepare(`INSERT INTO audit_event VALUES (${names.map((name) => `@${name}`).join(", ")})`);
  let seq = 0;
  return {
    insert(step) {
      seq += 1;
      statement.run({ ...models.get(step), seq, adjustment: `bare${seq}`, prev_hash: `${seq}`.padStart(64, "0") });
    },
    close: () => void db.close(),
  };
}
