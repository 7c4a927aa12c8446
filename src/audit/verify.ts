/** Recomputes the chain from a database file alone, and checks that its steps could have happened as told. */
import { hash } from "node:crypto";
import { FIRST_STEPS, IN_FLIGHT_STEPS, NEXT_STEPS, NOTES, type Step } from "../margin/model/adjustment.ts";
import type { Row } from "../store/event-columns.ts";
import { isMalformed, openReader, type Reader, type StoredRow } from "../store/reader.ts";
import { GENESIS, hashOf, VERSION } from "./row.ts";

/** The head of the chain as somebody holds it: 16 to 64 hexadecimal digits of the row's hash. */
export interface Anchor {
  readonly seq: number;
  readonly hash: string;
}

/** What a look at the table came to: sound with its head, broken at a row and why, or not to be looked at. */
export type Verification =
  | { readonly kind: "ok"; readonly seq: number; readonly hash: string }
  | { readonly kind: "broken"; readonly seq: number; readonly reason: string }
  | { readonly kind: "unreadable"; readonly reason: string };

interface Standing {
  readonly step: Step;
  readonly stepNumber: number;
  readonly seq: number;
  readonly first: Row;
}

interface Walk {
  readonly last: { readonly seq: number; readonly hash: string };
  /** The format of the row before. */
  readonly version: number;
  readonly standing: Map<string, Standing>;
  /** Open sends by account, symbol and margin coin. */
  readonly open: Map<string, string>;
  /** The newest row that says that money moved, or that it may have until then, by account, symbol and margin coin. */
  readonly moved: Map<string, number>;
  /** Bills that settled an adjustment, by account. */
  readonly bills: Set<string>;
}

const TERMS = ["account", "productType", "symbol", "marginCoin", "holdSide", "direction", "amount"] as const;

/** The stored row under the names that the program uses. */
export function rowOf(stored: StoredRow): Row {
  const named = Object.entries(stored).map(([key, value]) => [key.replace(/_(.)/g, (_, c) => c.toUpperCase()), value]);
  const row = Object.fromEntries(named) as Record<string, string | number>;
  return row as unknown as Row;
}

/** A row in an older format than the one before it could leave out what the newer format demands. */
function versionFault({ version }: Row, least: number): string | undefined {
  return Number.isInteger(version) && version >= least && version <= VERSION
    ? undefined
    : `its format ${version} is not one that can stand here`;
}

function linkFault(row: Row, last: Walk["last"]): string | undefined {
  if (row.seq !== last.seq + 1) return `row ${last.seq + 1} is missing`;
  if (row.prevHash !== last.hash) return "does not follow the row before it";
  if (row.hash !== hashOf(row)) return "its content does not give its hash";
  return undefined;
}

function detailFault(row: Row): string | undefined {
  try {
    const detail = JSON.parse(row.detail) as { body?: string; bodySha256?: string };
    // A name that stands twice is read as the first by some and as the last by others.
    if (JSON.stringify(detail) !== row.detail) return "its detail is not written as the bot writes it";
    const { body, bodySha256 } = detail;
    if (row.step !== "sending") return undefined;
    const sum = hash("sha256", body ?? "");
    return body !== undefined && sum === bodySha256 ? undefined : "what was sent does not give its SHA-256";
  } catch {
    return "its detail is not JSON";
  }
}

function stepFault(row: Row, before: Standing | undefined): string | undefined {
  if (row.adjustment === "") {
    return (NOTES as readonly string[]).includes(row.step) && row.stepNumber === 0
      ? undefined
      : "no step of a row alone";
  }
  const allowed: readonly string[] = before === undefined ? FIRST_STEPS : NEXT_STEPS[before.step];
  if (!allowed.includes(row.step)) return `${row.step} cannot follow ${before?.step ?? "nothing"}`;
  if (row.stepNumber !== (before?.stepNumber ?? 0) + 1) return "its step number is wrong";
  const changed = TERMS.find((name) => before !== undefined && before.first[name] !== row[name]);
  return changed === undefined ? undefined : `its ${changed} differs from what was proposed`;
}

function scopeOf({ account, symbol, marginCoin }: Row): string {
  return JSON.stringify([account, symbol, marginCoin]);
}

/** The format since which `sending` says how old the look behind it is. */
const VERSION_OF_LOOKS = 2;
const MOVED_STEPS: readonly string[] = ["accepted", "applied", "not_applied"];

function lookFault(row: Row, moved: Map<string, number>): string | undefined {
  const scope = scopeOf(row);
  if (MOVED_STEPS.includes(row.step)) moved.set(scope, row.seq);
  if (row.step !== "sending" || row.version < VERSION_OF_LOOKS) return undefined;
  const { newestAtLook = Number.NaN } = JSON.parse(row.detail) as { newestAtLook?: number };
  if (!Number.isInteger(newestAtLook) || newestAtLook >= row.seq) return "it does not say how old its look was";
  return newestAtLook < (moved.get(scope) ?? 0) ? "money moved on its symbol since its look began" : undefined;
}

function openFault(row: Row, open: Map<string, string>): string | undefined {
  const scope = scopeOf(row);
  if (row.step === "sending" && open.has(scope)) return "a second send was open on its symbol";
  if ((IN_FLIGHT_STEPS as readonly string[]).includes(row.step)) open.set(scope, row.adjustment);
  else if (open.get(scope) === row.adjustment) open.delete(scope);
  return undefined;
}

function billFault(row: Row, bills: Set<string>): string | undefined {
  if (row.step !== "applied") return undefined;
  const { bill } = JSON.parse(row.detail) as { bill?: string };
  if (bill === undefined) return undefined;
  const claim = JSON.stringify([row.account, bill]);
  if (bills.has(claim)) return "its bill settled another adjustment before";
  bills.add(claim);
  return undefined;
}

function walkOn(walk: Walk, row: Row): string | undefined {
  const before = walk.standing.get(row.adjustment);
  const fault =
    linkFault(row, walk.last) ??
    versionFault(row, walk.version) ??
    stepFault(row, before) ??
    detailFault(row) ??
    openFault(row, walk.open) ??
    lookFault(row, walk.moved) ??
    billFault(row, walk.bills);
  if (row.adjustment !== "") {
    const { stepNumber, seq } = row;
    walk.standing.set(row.adjustment, { step: row.step as Step, stepNumber, seq, first: before?.first ?? row });
  }
  return fault;
}

function headFault(reader: Reader, standing: Map<string, Standing>): string | undefined {
  let count = 0;
  for (const stored of reader.heads()) {
    const head = rowOf(stored) as unknown as Row & { id: string; firstSeq: number; askedBy: string };
    const wanted = standing.get(head.id);
    const same =
      wanted !== undefined &&
      head.step === wanted.step &&
      head.stepNumber === wanted.stepNumber &&
      head.seq === wanted.seq &&
      head.firstSeq === wanted.first.seq &&
      head.askedBy === wanted.first.actor &&
      TERMS.every((name) => head[name] === wanted.first[name]);
    if (!same) return `where adjustment ${head.id} stands does not agree with its rows`;
    count += 1;
  }
  return count === standing.size ? undefined : "an adjustment is missing from the table of where each stands";
}

function check(reader: Reader, anchors: readonly Anchor[]): Verification {
  const broken = reader.fault();
  if (broken !== undefined) return { kind: "broken", seq: 0, reason: broken };
  const nothing = { standing: new Map(), open: new Map(), moved: new Map(), bills: new Set<string>() };
  let walk: Walk = { last: { seq: 0, hash: GENESIS }, version: 1, ...nothing };
  for (const stored of reader.events()) {
    const row = rowOf(stored);
    const fault = walkOn(walk, row);
    if (fault !== undefined) return { kind: "broken", seq: row.seq, reason: fault };
    const anchor = anchors.find(({ seq, hash }) => seq === row.seq && !row.hash.startsWith(hash));
    if (anchor !== undefined) return { kind: "broken", seq: row.seq, reason: "is not the row that the anchor names" };
    walk = { ...walk, last: row, version: row.version };
  }
  const lost = anchors.find(({ seq, hash }) => seq > walk.last.seq || (seq === 0 && !GENESIS.startsWith(hash)));
  if (lost !== undefined) return { kind: "broken", seq: lost.seq, reason: "the anchored row is missing" };
  const fault = headFault(reader, walk.standing);
  if (fault !== undefined) return { kind: "broken", seq: walk.last.seq, reason: fault };
  return { kind: "ok", seq: walk.last.seq, hash: walk.last.hash };
}

/** Rows that are looked at where no anchor says how far people have checked. */
const TAIL = 1000;

function checkTail(reader: Reader, anchor: Anchor | undefined): Verification {
  const head = reader.lastSeq();
  if (anchor !== undefined && anchor.seq > head) {
    return { kind: "broken", seq: anchor.seq, reason: "the anchored row is missing" };
  }
  const from = anchor?.seq ?? Math.max(1, head - TAIL);
  let last: Walk["last"] | undefined;
  for (const stored of reader.events({ from })) {
    const row = rowOf(stored);
    const fault = linkFault(row, last ?? { seq: row.seq - 1, hash: row.prevHash }) ?? detailFault(row);
    if (fault !== undefined) return { kind: "broken", seq: row.seq, reason: fault };
    if (row.seq === anchor?.seq && row.hash !== anchor.hash) {
      return { kind: "broken", seq: row.seq, reason: "is not the row that the anchor names" };
    }
    last = row;
  }
  return { kind: "ok", seq: last?.seq ?? 0, hash: last?.hash ?? GENESIS };
}

/** Verifies the chain from the anchor on, or the newest thousand rows: quick enough to wait for at a start. */
export function verifyTail(path: string, anchor: Anchor | undefined): Verification {
  return withReader(path, (reader) => checkTail(reader, anchor));
}

/**
 * Verifies the audit table in the file at `path` against itself, its guards and the anchors that somebody holds.
 * Reads only, and works on a copy.
 */
export function verifyFile(path: string, anchors: readonly Anchor[]): Verification {
  return withReader(path, (reader) => check(reader, anchors));
}

function withReader(path: string, work: (reader: Reader) => Verification): Verification {
  const opened = openReader(path);
  if (!opened.ok) {
    const { why, reason } = opened;
    return why === "malformed" ? { kind: "broken", seq: 0, reason } : { kind: "unreadable", reason };
  }
  try {
    return work(opened.reader);
  } catch (error) {
    if (isMalformed(error)) return { kind: "broken", seq: 0, reason: "the file is damaged" };
    return { kind: "unreadable", reason: "the database file is locked or cannot be read" };
  } finally {
    opened.reader.close();
  }
}
