/**
 * The chain, row by row: whether each row follows from those before it. What is kept of them does not grow with the table:
 * the adjustments that are open, and what is found again by an index.
 */
import { hash } from "node:crypto";
import { FIRST_STEPS, IN_FLIGHT_STEPS, NEXT_STEPS, NOTES, type Step } from "../margin/model/adjustment.ts";
import type { Row } from "../store/event-columns.ts";
import type { Reader } from "../store/reader.ts";
import { GENESIS, hashOf, VERSION } from "./row.ts";

/** What the next row follows. */
export type Link = Pick<Row, "seq" | "hash">;

const TERMS = ["account", "productType", "symbol", "marginCoin", "holdSide", "direction", "amount"] as const;
/** Open adjustments that are kept in mind; the row before of any other is read again. */
const OPEN_MAX = 10_000;

/** Where an adjustment stands, and its terms: those of its first row, as every row repeats them. */
type Standing = Pick<Row, "stepNumber" | (typeof TERMS)[number]> & { readonly step: Step };

type Detail = Readonly<Record<"body" | "bodySha256" | "newestAtLook" | "bill", unknown>>;

/** What the rows so far come to. */
interface Past {
  readonly reader: Pick<Reader, "before" | "claim">;
  readonly standing: Map<string, Standing>;
  /** Open sends by account, symbol and margin coin. */
  readonly open: Map<string, string>;
  /** The newest row that says that money moved, or that it may have until then, by account, symbol and margin coin. */
  readonly moved: Map<string, number>;
  last: Link;
  /** The format of the row before. */
  version: number;
  /** Rows of adjustments. */
  steps: number;
}

/** A row in an older format than the one before it could leave out what the newer format demands. */
function versionFault({ version }: Row, least: number): string | undefined {
  return Number.isInteger(version) && version >= least && version <= VERSION
    ? undefined
    : `its format ${version} is not one that can stand here`;
}

/** Why the row is not the next one after `last`, in words; undefined where it is. */
export function linkFault(row: Row, last: Link): string | undefined {
  if (row.seq !== last.seq + 1) return `row ${last.seq + 1} is missing`;
  if (row.prevHash !== last.hash) return "does not follow the row before it";
  if (row.hash !== hashOf(row)) return "its content does not give its hash";
  return undefined;
}

function bodyFault({ body, bodySha256 }: Partial<Detail>): string | undefined {
  return typeof body === "string" && hash("sha256", body) === bodySha256
    ? undefined
    : "what was sent does not give its SHA-256";
}

/** The detail of a row, and what is wrong with it, in words, where something is. */
export function readDetail(row: Row): { readonly detail: Partial<Detail>; readonly fault: string | undefined } {
  try {
    const detail = JSON.parse(row.detail) as Partial<Detail>;
    // A name that stands twice is read as the first by some and as the last by others.
    const isOurs = JSON.stringify(detail) === row.detail;
    if (!isOurs) return { detail, fault: "its detail is not written as the bot writes it" };
    return { detail, fault: row.step === "sending" ? bodyFault(detail) : undefined };
  } catch {
    return { detail: {}, fault: "its detail is not JSON" };
  }
}

function standingOf(row: Row): Standing {
  const { stepNumber, account, productType, symbol, marginCoin, holdSide, direction, amount } = row;
  const step = row.step as Step;
  return { step, stepNumber, account, productType, symbol, marginCoin, holdSide, direction, amount };
}

function before({ standing, reader }: Past, row: Row): Standing | undefined {
  const known = standing.get(row.adjustment);
  // The index of steps, which was checked, lets one first step in for each adjustment.
  if (known !== undefined || row.adjustment === "" || row.stepNumber <= 1) return known;
  const earlier = reader.before(row.adjustment, row.seq);
  return earlier && standingOf(earlier);
}

function stepFault(row: Row, earlier: Standing | undefined): string | undefined {
  if (row.adjustment === "") {
    return (NOTES as readonly string[]).includes(row.step) && row.stepNumber === 0
      ? undefined
      : "no step of a row alone";
  }
  const allowed: readonly string[] = earlier === undefined ? FIRST_STEPS : NEXT_STEPS[earlier.step];
  if (!allowed.includes(row.step)) return `${row.step} cannot follow ${earlier?.step ?? "nothing"}`;
  if (row.stepNumber !== (earlier?.stepNumber ?? 0) + 1) return "its step number is wrong";
  const changed = TERMS.find((name) => earlier !== undefined && earlier[name] !== row[name]);
  return changed === undefined ? undefined : `its ${changed} differs from what was proposed`;
}

/** An adjustment that is over is forgotten: a step that would follow it finds its rows. */
function remember({ standing }: Past, row: Row): void {
  if (NEXT_STEPS[row.step as Step].length === 0) return void standing.delete(row.adjustment);
  standing.set(row.adjustment, standingOf(row));
  if (standing.size <= OPEN_MAX) return;
  for (const oldest of standing.keys()) return void standing.delete(oldest);
}

function scopeOf({ account, symbol, marginCoin }: Row): string {
  return JSON.stringify([account, symbol, marginCoin]);
}

/** The format since which `sending` says how old the look behind it is. */
const VERSION_OF_LOOKS = 2;
const MOVED_STEPS: readonly string[] = ["accepted", "applied", "not_applied"];

function lookFault(row: Row, { newestAtLook }: Partial<Detail>, moved: Map<string, number>): string | undefined {
  if (MOVED_STEPS.includes(row.step)) moved.set(scopeOf(row), row.seq);
  if (row.step !== "sending" || row.version < VERSION_OF_LOOKS) return undefined;
  const isRow = typeof newestAtLook === "number" && Number.isInteger(newestAtLook) && newestAtLook < row.seq;
  if (!isRow) return "it does not say how old its look was";
  const isOvertaken = newestAtLook < (moved.get(scopeOf(row)) ?? 0);
  return isOvertaken ? "money moved on its symbol since its look began" : undefined;
}

function openFault(row: Row, open: Map<string, string>): string | undefined {
  if (open.size === 0 && row.step !== "sending") return undefined;
  const scope = scopeOf(row);
  if (row.step === "sending" && open.has(scope)) return "a second send was open on its symbol";
  if ((IN_FLIGHT_STEPS as readonly string[]).includes(row.step)) open.set(scope, row.adjustment);
  else if (open.get(scope) === row.adjustment) open.delete(scope);
  return undefined;
}

function billFault(row: Row, { bill }: Partial<Detail>, reader: Past["reader"]): string | undefined {
  if (row.step !== "applied" || bill === undefined) return undefined;
  return reader.claim(row.account, String(bill)) ? undefined : "its bill settled another adjustment before";
}

function faultOf(past: Past, row: Row): string | undefined {
  const link = linkFault(row, past.last) ?? versionFault(row, past.version) ?? stepFault(row, before(past, row));
  if (link !== undefined) return link;
  const { detail, fault } = readDetail(row);
  return (
    fault ?? openFault(row, past.open) ?? lookFault(row, detail, past.moved) ?? billFault(row, detail, past.reader)
  );
}

/** A walk along a chain from its first row on. */
export interface Walk {
  /** What is wrong with the row after those that were taken, in words; undefined where nothing is. */
  take(row: Row): string | undefined;
  /** The row that was taken last. */
  last(): Link;
  /** How many of the rows belong to adjustments. */
  steps(): number;
}

/** Begins in front of the first row. `reader` finds earlier rows of the same table again. */
export function startWalk(reader: Past["reader"]): Walk {
  const nothing = { standing: new Map(), open: new Map(), moved: new Map() };
  const past: Past = { reader, ...nothing, last: { seq: 0, hash: GENESIS }, version: 1, steps: 0 };
  return {
    take(row) {
      const fault = faultOf(past, row);
      if (fault !== undefined) return fault;
      past.last = { seq: row.seq, hash: row.hash };
      past.version = row.version;
      if (row.adjustment === "") return undefined;
      past.steps += 1;
      remember(past, row);
      return undefined;
    },
    last: () => past.last,
    steps: () => past.steps,
  };
}
