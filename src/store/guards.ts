/** Whether the database still has the guards that its migrations gave it: triggers, indexes, tables, legal transitions. */
import Database from "better-sqlite3";
import { appliedMigrations, migrateTo } from "./migrations.ts";

interface Item {
  readonly name: string;
  readonly sql: string;
}

/**
 * What Litestream makes for itself in the database that it copies, to the letter. It may be there: a plain table that no
 * statement of ours names does nothing. What is only called so (a view, an index, a table with a check) does not pass.
 */
const LITESTREAM = `('_litestream_seq', 'CREATE TABLE _litestream_seq (id INTEGER PRIMARY KEY, seq INTEGER)'),
  ('_litestream_lock', 'CREATE TABLE _litestream_lock (id INTEGER)')`;

/** All but what is SQLite's own, Prisma's list of migrations, and Litestream's; a trigger is none of these by any name. */
const SCHEMA = `SELECT name, coalesce(sql, '') AS sql FROM sqlite_master
  WHERE NOT (type IN ('table', 'index') AND name LIKE 'sqlite\\_%' ESCAPE '\\')
    AND NOT (type = 'table' AND name = '_prisma_migrations')
    AND NOT (type = 'table' AND (name, coalesce(sql, '')) IN (VALUES ${LITESTREAM}))
  ORDER BY name`;
const TRANSITIONS = `SELECT from_step || ' > ' || to_step AS name, '' AS sql FROM audit_transition ORDER BY name`;

function read(db: Database.Database, query: string): Map<string, string> {
  return new Map((db.prepare(query).all() as Item[]).map((item) => [item.name, item.sql]));
}

function difference(found: Map<string, string>, wanted: Map<string, string>): string | undefined {
  for (const [name, sql] of wanted) {
    if (!found.has(name)) return `${name} is missing`;
    if (found.get(name) !== sql) return `${name} was changed`;
  }
  for (const name of found.keys()) if (!wanted.has(name)) return `${name} does not belong here`;
  return undefined;
}

/** The first guard that is missing, changed or added, in words; undefined when all are as the migrations made them. */
export function brokenGuard(db: Database.Database): string | undefined {
  const model = new Database(":memory:");
  try {
    const applied = appliedMigrations(db);
    if (applied.length === 0) return "no migration was ever applied";
    migrateTo(model, applied);
    return (
      difference(read(db, SCHEMA), read(model, SCHEMA)) ?? difference(read(db, TRANSITIONS), read(model, TRANSITIONS))
    );
  } finally {
    model.close();
  }
}
