/** Whether the database still has the guards that its migrations gave it: triggers, indexes, tables, legal transitions. */
import Database from "better-sqlite3";
import { appliedMigrations, migrateTo } from "./migrations.ts";

interface Item {
  readonly name: string;
  readonly sql: string;
}

const SCHEMA = `SELECT name, coalesce(sql, '') AS sql FROM sqlite_master
  WHERE name NOT LIKE 'sqlite_%' AND name NOT LIKE '_prisma_%' ORDER BY name`;
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
