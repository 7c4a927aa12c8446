/** The commands `audit verify` and `audit export`. */
import { parseArgs } from "node:util";
import { exportLines, FORMATS, type Format } from "../audit/export.ts";
import { type Anchor, type Verification, verifyFile } from "../audit/verify.ts";
import { BAD, GOOD, UNCHECKED, UsageError } from "../exit.ts";
import { isMalformed, openReader } from "../store/reader.ts";
import { databasePath } from "./environment.ts";

function readAnchor(text: string): Anchor {
  const [, seq, hash] = /^(\d{1,9}):([0-9a-f]{16,64})$/.exec(text.toLowerCase()) ?? [];
  if (seq === undefined || hash === undefined) throw new UsageError(`--anchor wants SEQ:HASH with 16 to 64 hex digits`);
  return { seq: Number(seq), hash };
}

/** `audit verify`: prints the verdict on the table, and gives the exit code. Throws for wrong usage. */
export function auditVerify(args: readonly string[]): number {
  const { values } = parseArgs({ args: [...args], options: { anchor: { type: "string", multiple: true } } });
  return report(verifyFile(databasePath(), (values.anchor ?? []).map(readAnchor)));
}

/** Prints a verdict as the last line of `audit verify`, and gives its exit code. */
export function report(verdict: Verification): number {
  switch (verdict.kind) {
    case "ok":
      process.stdout.write(`ok ${verdict.seq} ${verdict.hash}\n`);
      return GOOD;
    case "broken":
      process.stdout.write(`broken ${verdict.seq} ${verdict.reason}\n`);
      return BAD;
    case "unreadable":
      process.stderr.write(`${verdict.reason}\n`);
      return UNCHECKED;
  }
}

function readSince(text: string | undefined): number {
  const at = text === undefined ? 0 : Date.parse(text);
  if (text !== undefined && (Number.isNaN(at) || !/^\d{4}-\d{2}-\d{2}/.test(text))) {
    throw new UsageError("--since wants a date such as 2026-11-22 or 2026-11-22T08:00:00Z");
  }
  return at;
}

/** `audit export`: prints the rows, oldest first, and gives the exit code. Throws for wrong usage. */
export function auditExport(args: readonly string[]): number {
  const text = { type: "string" } as const;
  const { values } = parseArgs({ args: [...args], options: { user: text, since: text, format: text } });
  const { user = "", format = "jsonl" } = values;
  if (user !== "" && !/^(?:\d{1,16}|bot)$/.test(user)) throw new UsageError("--user wants a numeric id");
  if (!(FORMATS as readonly string[]).includes(format)) throw new UsageError("--format is csv or jsonl");
  const since = readSince(values.since);
  const opened = openReader(databasePath());
  if (!opened.ok) {
    process.stderr.write(`${opened.reason}\n`);
    return opened.why === "malformed" ? BAD : UNCHECKED;
  }
  try {
    for (const line of exportLines(opened.reader, { user, since }, format as Format)) process.stdout.write(`${line}\n`);
    return GOOD;
  } catch (error) {
    process.stderr.write("the audit table cannot be read: the file is damaged, locked or none of ours\n");
    return isMalformed(error) ? BAD : UNCHECKED;
  } finally {
    opened.reader.close();
  }
}
