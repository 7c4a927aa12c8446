import { readFileSync } from "node:fs";
import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { emptyFile } from "./raw.ts";

interface Column {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly key: boolean;
}

interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  /** Columns that are unique on their own without being the key. */
  readonly unique: readonly string[];
}

const TYPES: Readonly<Record<string, string>> = { Int: "INTEGER", BigInt: "INTEGER", String: "TEXT" };
const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);

/** The tables that Prisma believes in. */
function believed(): Table[] {
  const text = readFileSync(new URL("../../prisma/schema.prisma", import.meta.url), "utf8");
  return [...text.matchAll(/^model (\w+) \{\n([\s\S]*?)^\}/gm)].map(([, model = "", body = ""]) => {
    const together = /@@id\(\[([^\]]+)\]\)/.exec(body)?.[1]?.split(/,\s*/) ?? [];
    const fields = [...body.matchAll(/^ {2}(\w+)\s+(\w+)(\?|\[\])?(.*)$/gm)];
    const columns = fields.map(([, field = "", type = "", optional, rest = ""]) => ({
      name: /@map\("(\w+)"\)/.exec(rest)?.[1] ?? field,
      type: TYPES[type] ?? `unknown type ${type}`,
      required: optional === undefined,
      key: /@id\b/.test(rest) || together.includes(field),
      unique: /@unique\b/.test(rest),
    }));
    return {
      name: /@@map\("(\w+)"\)/.exec(body)?.[1] ?? model,
      columns: columns.map(({ unique: _, ...column }) => column).sort(byName),
      unique: columns.filter(({ unique }) => unique).map(({ name }) => name),
    };
  });
}

function uniqueIn(db: Database.Database, table: string): string[] {
  const indexes = db.pragma(`index_list("${table}")`) as {
    name: string;
    unique: number;
    origin: string;
    partial: number;
  }[];
  return indexes
    .filter(({ unique, origin, partial }) => unique === 1 && origin === "c" && partial === 0)
    .flatMap(({ name }) => (db.pragma(`index_info("${name}")`) as { name: string }[]).map((column) => column.name));
}

/** The tables that there are. */
function found(file: string): Table[] {
  const db = new Database(file, { readonly: true });
  const names = db.prepare(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'`);
  const tables = (names.all() as { name: string }[]).map(({ name }) => {
    const columns = db.pragma(`table_info("${name}")`) as { name: string; type: string; notnull: number; pk: number }[];
    return {
      name,
      columns: columns
        .map((column) => ({ name: column.name, type: column.type, required: column.notnull === 1, key: column.pk > 0 }))
        .sort(byName),
      unique: uniqueIn(db, name),
    };
  });
  db.close();
  return tables;
}

it("finds the same tables, columns, types and keys in the migrated database as in Prisma's schema", async () => {
  const wanted = believed().sort(byName);
  expect(wanted.length).toBeGreaterThanOrEqual(5);
  expect(wanted.find(({ name }) => name === "audit_event")?.columns).toHaveLength(22);
  expect(found(await emptyFile()).sort(byName)).toEqual(wanted);
});
