/** The audit table as text for people and programs: one event a line, oldest first, always the same for the same rows. */
import type { Row } from "../store/event-columns.ts";
import type { Filter, Reader } from "../store/reader.ts";

/** The formats of an export. */
export const FORMATS = ["jsonl", "csv"] as const;
/** A format of an export: JSON or CSV, one row a line. */
export type Format = (typeof FORMATS)[number];

const FIELDS = [
  "seq",
  "at",
  "adjustment",
  "step",
  "actor",
  "actorName",
  "chat",
  "account",
  "symbol",
  "holdSide",
  "direction",
  "amount",
  "marginCoin",
  "code",
  "detail",
  "hash",
] as const;

type Field = (typeof FIELDS)[number];

function field(row: Row, name: Field): unknown {
  if (name === "at") return new Date(Number(row.at)).toISOString();
  if (name === "detail") return JSON.parse(row.detail);
  return row[name] === "" ? null : row[name];
}

function jsonLine(row: Row): string {
  return JSON.stringify(Object.fromEntries(FIELDS.map((name) => [name, field(row, name)])));
}

// A spreadsheet would run such a cell as a formula.
function cell(value: unknown): string {
  const plain = value === null ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
  const text = /^[=+\-@\t\r]/.test(plain) ? `'${plain}` : plain;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function csvLine(row: Row): string {
  return FIELDS.map((name) => cell(field(row, name))).join(",");
}

/** The events that the filter lets through, as lines without their line ends; CSV begins with a line of names. */
export function* exportLines(reader: Reader, filter: Filter, format: Format): Generator<string> {
  if (format === "csv") yield FIELDS.join(",");
  for (const row of reader.events(filter)) yield format === "csv" ? csvLine(row) : jsonLine(row);
}
