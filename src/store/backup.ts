/** A consistent copy of a database that is in use. */
import { chmodSync, closeSync, existsSync, fsyncSync, openSync } from "node:fs";
import Database from "better-sqlite3";

/** Copies the database at `from` to the new file `to`, readable by its owner alone, and syncs it to disk. */
export async function copyDatabase(from: string, to: string): Promise<void> {
  if (existsSync(to)) throw new Error("the file exists already: choose another name");
  const db = new Database(from, { readonly: true, fileMustExist: true, timeout: 5000 });
  try {
    // One moment of the file: without it SQLite begins again whenever the bot has written, which may be for ever.
    db.exec("BEGIN");
    db.prepare("SELECT 1 FROM sqlite_master").get();
    await db.backup(to);
  } finally {
    db.close();
  }
  chmodSync(to, 0o600);
  const handle = openSync(to, "r+");
  fsyncSync(handle);
  closeSync(handle);
}
