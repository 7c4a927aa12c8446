/** The ports to the audit table: events are appended, never changed, and the table decides who was first. */
import type { Direction, Note, OpenStep, Step } from "../model/adjustment.ts";
import type { AuditEvent, Entry } from "../model/audit-event.ts";
import type { Amount } from "../model/decimal.ts";
import type { PositionKey } from "../model/position.ts";

/**
 * Which guard of the table kept a row out. `step`: the adjustment stands elsewhere. `in_flight`: another send of the symbol
 * is open. `moved_since`: money moved on the symbol since the look began. `bill_claimed`: the bill settled another one.
 */
type Guard = "step" | "in_flight" | "frozen" | "moved_since" | "bill_claimed";

/** `ok: false`: the table did not allow it. `step` is where the adjustment stands (undefined: it has no row). */
export type Appended =
  | { readonly ok: true; readonly event: AuditEvent }
  | { readonly ok: false; readonly step: Step | undefined; readonly guard: Guard };

/** Which rows of the table. */
interface Page {
  /** Only rows older than this one. */
  readonly before?: number;
  readonly limit: number;
}

/** How adjustments came out: the margin was moved, it was not, or nobody knows yet. */
type Ended = "done" | "not_done" | "not_known";

/** Which adjustments of one person. */
interface HistoryQuery {
  /** Only those that came out so. */
  readonly ended?: Ended;
  /** Only those of these accounts. */
  readonly accounts?: readonly string[];
  readonly skip?: number;
  readonly limit: number;
}

/** An adjustment that moved the margin of its position. */
export interface DoneAdjustment {
  readonly adjustment: string;
  readonly direction: Direction;
  readonly amount: Amount;
  /** When the row was written that says so, in ms. */
  readonly at: number;
  /** The adjustment that it took back; undefined where it took none. */
  readonly undoes: string | undefined;
}

/** Which of the adjustments that moved one position's margin. */
interface DoneQuery {
  /** Most that are looked at, newest first, by when they were asked for. */
  readonly limit: number;
  /** Of those, only what was done at this moment (ms) or later. */
  readonly since?: number;
  /** Only what was asked for behind the row with this number. */
  readonly after?: number;
}

/** The table could not be written: whatever else is wrong, nothing may be sent until somebody has looked. */
export class UnwrittenError extends Error {
  override readonly name: string = "UnwrittenError";
}

/** Another program holds the table, and did not let go in time. Nothing is wrong with it, and nothing was written. */
export class TableBusyError extends UnwrittenError {
  override readonly name = "TableBusyError";
}

/** The rows themselves: added, and read as they stand; nothing changes or removes one. */
export interface EventStore {
  /**
   * Adds one row, durably. Throws `UnwrittenError` only, when the database fails: then nothing is known to be stored. Where
   * another program holds it, that is waited for: thirty seconds, or `patienceMs`, and then it throws `TableBusyError`.
   */
  append(entry: Entry, patienceMs?: number): Promise<Appended>;
  /** All events of an adjustment, oldest first; empty when there is none. */
  of(adjustment: string): Promise<readonly AuditEvent[]>;
}

/** What the rows come to: where adjustments stand, and which rows are the newest. Reads only. */
export interface Projections {
  /** The last event of each adjustment that stands at one of these steps, oldest first. */
  currentlyAt(steps: readonly OpenStep[]): Promise<readonly AuditEvent[]>;
  /** The number of the newest row of a symbol and coin, whatever it says; 0 when there is none. A look begins with it. */
  newestOf(account: string, symbol: string, marginCoin: string): Promise<number>;
  /** Whether a row behind this one says that money moved on this very position. */
  movedSince(position: PositionKey, seq: number): Promise<boolean>;
  /** The adjustment whose money may be under way on this symbol and coin; undefined when there is none. */
  inFlight(account: string, symbol: string, marginCoin: string): Promise<AuditEvent | undefined>;
  /** Cards of this person that can still be confirmed. */
  openCards(askedBy: string): Promise<readonly AuditEvent[]>;
  /** The last event of each adjustment that this person asked for, newest first. */
  history(askedBy: string, page: HistoryQuery): Promise<readonly AuditEvent[]>;
  /** The adjustments that moved this position's margin, whoever asked for them, newest first. */
  done(position: PositionKey, query: DoneQuery): Promise<readonly DoneAdjustment[]>;
  /** The newest row of these that belongs to no adjustment. */
  lastNote(notes: readonly Note[]): Promise<AuditEvent | undefined>;
  /** Rows `note` with this code, newest first; those behind the row `after`, where it is given. */
  notes(query: {
    readonly code: string;
    readonly after?: number;
    readonly limit: number;
  }): Promise<readonly AuditEvent[]>;
  /** The newest row of the table; undefined when it is empty. */
  head(): Promise<AuditEvent | undefined>;
  /** Rows of the whole table, newest first. */
  recent(page: Page): Promise<readonly AuditEvent[]>;
}

/** Verdicts that are recorded and still to be told: written with the verdict itself. */
export interface VerdictOutbox {
  /** Verdicts that were recorded and not told yet, oldest first; those behind the row `after`, where it is given. */
  pending(limit: number, after?: number): Promise<readonly AuditEvent[]>;
  /** Marks a verdict as told. */
  markDelivered(seq: number): Promise<void>;
}

/** Bills that are evidence already: each settles one adjustment. */
export interface BillClaims {
  /** Which of these bills settled an adjustment before. */
  claimed(account: string, bills: readonly string[]): Promise<ReadonlySet<string>>;
}

/** The audit table, by what its users need of it. */
export interface Trail {
  readonly events: EventStore;
  readonly projections: Projections;
  readonly outbox: VerdictOutbox;
  readonly billClaims: BillClaims;
}
