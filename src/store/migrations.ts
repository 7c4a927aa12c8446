/** Applies the SQL of prisma/migrations, in Prisma's own layout and bookkeeping, so that no Prisma command line is needed. */
import { hash, randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import type Database from "better-sqlite3";

const FOLDER = new URL("../../prisma/migrations/", import.meta.url);

// As `prisma migrate` makes it, so that Prisma's own tools recognise the file.
const BOOKKEEPING = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" TEXT PRIMARY KEY NOT NULL, "checksum" TEXT NOT NULL, "finished_at" DATETIME, "migration_name" TEXT NOT NULL,
  "logs" TEXT, "rolled_back_at" DATETIME, "started_at" DATETIME NOT NULL DEFAULT current_timestamp,
  "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0
)`;

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

function migrations(): Migration[] {
  return readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((name) => {
      const sql = readFileSync(new URL(`${name}/migration.sql`, FOLDER), "utf8");
      return { name, sql, checksum: hash("sha256", sql) };
    });
}

function record(db: Database.Database, migration: Migration): void {
  db.exec(migration.sql);
  db.prepare(
    `INSERT INTO "_prisma_migrations" ("id", "checksum", "migration_name", "finished_at", "applied_steps_count")
     VALUES (?, ?, ?, current_timestamp, 1)`,
  ).run(randomUUID(), migration.checksum, migration.name);
}

/** Names of the migrations that the file says it has, oldest first; empty for a file that has none. */
export function appliedMigrations(db: Database.Database): string[] {
  const table = db.prepare(`SELECT 1 FROM sqlite_master WHERE name = '_prisma_migrations'`).get();
  if (table === undefined) return [];
  const rows = db.prepare(`SELECT "migration_name" AS name FROM "_prisma_migrations" ORDER BY 1`).all();
  return (rows as { name: string }[]).map((row) => row.name);
}

/**
 * Brings the file up to date, each migration in a transaction of its own.
 * Throws when the file has a migration that this version does not know: it was made by a newer one.
 */
export function migrate(db: Database.Database): void {
  const known = migrations();
  const applied = new Set(appliedMigrations(db));
  const foreign = [...applied].filter((name) => !known.some((migration) => migration.name === name));
  if (foreign.length > 0) throw new Error(`the database was made by a newer version (${foreign.join(", ")})`);
  db.exec(BOOKKEEPING);
  for (const migration of known) {
    if (!applied.has(migration.name)) db.transaction(() => record(db, migration)).immediate();
  }
}

/** Runs the migrations of these names on an empty database: what such a file must look like. */
export function migrateTo(db: Database.Database, names: readonly string[]): void {
  for (const migration of migrations()) if (names.includes(migration.name)) db.exec(migration.sql);
}
