/** Which SQLite the bot trusts with its rows. */
import type Database from "better-sqlite3";

/** SQLite 3.7.0 to 3.51.2 can lose commits when a write-ahead log is reset (sqlite.org, WAL-reset bug). */
const SQLITE_VERSION_MIN = 3_051_003;

/** Throws, with a sentence that names the version, where the SQLite behind `db` is older than 3.51.3. */
export function demandSqliteVersion(db: Database.Database): void {
  const version = db.prepare("SELECT sqlite_version() AS text").get() as { text: string };
  const [major = 0, minor = 0, patch = 0] = version.text.split(".").map(Number);
  if (major * 1_000_000 + minor * 1000 + patch < SQLITE_VERSION_MIN) {
    throw new Error(`SQLite ${version.text} is too old`);
  }
}
