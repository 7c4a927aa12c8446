/** One process a database: a lock file whose open write transaction the operating system ends with its process. */
import { hostname } from "node:os";
import Database from "better-sqlite3";

/** Leave to use the database, held until `release` or the end of the process. */
export interface Lease {
  release(): void;
}

export type Locking = { readonly ok: true; readonly lease: Lease } | { readonly ok: false; readonly owner: string };

function claim(db: Database.Database): boolean {
  try {
    db.exec("BEGIN IMMEDIATE");
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === "SQLITE_BUSY") return false;
    throw error;
  }
}

function owner(db: Database.Database): string {
  const row = db.prepare(`SELECT name FROM owner WHERE id = 1`).get() as { name: string } | undefined;
  return row?.name ?? "another process";
}

/**
 * Takes the lock of the database at `file`, in `file`.lock. It names its owner (process, host, since when) for whoever
 * comes second. The name is committed first and the lock taken again at once: a reader sees committed rows only.
 */
export function lock(file: string, now: () => number): Locking {
  const db = new Database(`${file}.lock`, { timeout: 0 });
  db.pragma("journal_mode = DELETE");
  if (!claim(db)) {
    const name = owner(db);
    db.close();
    return { ok: false, owner: name };
  }
  const name = `process ${process.pid} on ${hostname()} since ${new Date(now()).toISOString()}`;
  db.exec(`CREATE TABLE IF NOT EXISTS owner (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT`);
  db.prepare(`INSERT INTO owner VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name`).run(name);
  db.exec("COMMIT");
  if (!claim(db)) {
    db.close();
    return { ok: false, owner: "another process that started at the same moment" };
  }
  return { ok: true, lease: { release: () => db.close() } };
}
