/** One row of the audit table: its canonical bytes, its hash, and the way between row and event. */
import { hash } from "node:crypto";
import type { AuditEvent, Entry } from "../margin/model/audit-event.ts";
import type { Row } from "../store/event-columns.ts";
import { decode } from "./event-schema.ts";

/**
 * The format of a row; the hash covers it. A new format gets a new number and keeps the old one readable.
 * Since 2 a row `sending` names the newest row of its symbol when its look began. Since 3 a look may lack figures that could
 * not be read, and a refusal says what came in their place. Since 4 a `note` may say where a group moved, or what a person was called for.
 */
export const VERSION = 4;
/** What the first row has for a predecessor. */
export const GENESIS = "0".repeat(64);

/** The hash of a row: SHA-256 of a tag, a line feed and the row as a compact JSON array, its own hash left out. */
export function hashOf(row: Omit<Row, "hash">): string {
  const fields = [
    row.version,
    row.seq,
    Number(row.at),
    row.adjustment,
    row.step,
    row.stepNumber,
    row.actor,
    row.actorName,
    row.chat,
    row.topic,
    row.message,
    row.account,
    row.productType,
    row.symbol,
    row.marginCoin,
    row.holdSide,
    row.direction,
    row.amount,
    row.code,
    row.detail,
    row.prevHash,
  ];
  return hash("sha256", `margin-bot audit ${row.version}\n${JSON.stringify(fields)}`);
}

function sorted(value: unknown): unknown {
  if (value === null || typeof value !== "object") return typeof value === "string" ? clean(value) : value;
  if (Array.isArray(value)) return value.map((item) => sorted(item) ?? null);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sorted(item)]));
}

// Whatever people or exchanges write becomes well-formed Unicode, so that every reader hashes the same bytes.
function clean(text: string): string {
  return text.toWellFormed().normalize("NFC").replaceAll("\0", "");
}

function cleaned<T extends object>(texts: T): T {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, clean(String(text))])) as T;
}

/** The row that follows `last` in the chain. */
export function nextRow(
  entry: Entry,
  stepNumber: number,
  at: number,
  last: { readonly seq: number; readonly hash: string },
): Row {
  const row = {
    seq: last.seq + 1,
    version: VERSION,
    at,
    adjustment: entry.adjustment,
    step: entry.step,
    stepNumber,
    actor: entry.actor.id,
    actorName: clean(entry.actor.name),
    ...cleaned(entry.location),
    ...cleaned(entry.terms),
    code: clean(entry.code),
    detail: JSON.stringify(sorted(entry.detail)),
    prevHash: last.hash,
  };
  return { ...row, hash: hashOf(row) };
}

type Told = Omit<AuditEvent, "step" | "detail">;

function toldBy(row: Row): Told {
  return {
    seq: row.seq,
    at: Number(row.at),
    adjustment: row.adjustment,
    actor: { id: row.actor, name: row.actorName },
    location: { chat: row.chat, topic: row.topic, message: row.message },
    terms: {
      account: row.account,
      productType: row.productType as AuditEvent["terms"]["productType"],
      symbol: row.symbol,
      marginCoin: row.marginCoin,
      holdSide: row.holdSide as AuditEvent["terms"]["holdSide"],
      direction: row.direction as AuditEvent["terms"]["direction"],
      amount: row.amount,
    },
    code: row.code,
    hash: row.hash,
  };
}

/** The event that a stored row tells of, whatever stands in its detail. */
export function eventOf(row: Row): AuditEvent {
  return { ...toldBy(row), ...decode(row.step, row.detail) };
}

/** The event of a row that was just made of `entry`: its detail is known, and need not be read back on the way of the money. */
export function eventOfEntry({ step, detail }: Entry, row: Row): AuditEvent {
  // Step and detail are those of one entry.
  return { ...toldBy(row), step, detail } as AuditEvent;
}
