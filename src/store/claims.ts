/** Bills that were claimed so far in one reading of a table: on disk, where there are many, and gone afterwards. */
import Database from "better-sqlite3";

/** The bills of one reading. */
export interface Claims {
  /** False where the bill was claimed before. */
  claim(account: string, bill: string): boolean;
  close(): void;
}

/** Nothing is claimed yet. */
export function openClaims(): Claims {
  // A name without letters: a file of SQLite's own, which goes with its connection.
  const db = new Database("");
  db.pragma("journal_mode = OFF");
  db.pragma("synchronous = OFF");
  db.exec("CREATE TABLE claim (account TEXT, bill TEXT, PRIMARY KEY (account, bill)) STRICT, WITHOUT ROWID");
  const insert = db.prepare("INSERT OR IGNORE INTO claim VALUES (?, ?)");
  return {
    claim: (account, bill) => insert.run(account, bill).changes === 1,
    close: () => db.close(),
  };
}
