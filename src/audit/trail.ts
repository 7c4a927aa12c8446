/** The audit trail over the database: one INSERT a step, and the database's guards decide who was first. */
import { NEXT_STEPS, type Note, type Step } from "../margin/model/adjustment.ts";
import type { AuditEvent, Entry } from "../margin/model/audit-event.ts";
import { present } from "../margin/model/present.ts";
import {
  type Appended,
  type BillClaims,
  type DoneAdjustment,
  type EventStore,
  type Projections,
  TableBusyError,
  type Trail,
  UnwrittenError,
  type VerdictOutbox,
} from "../margin/ports/audit-trail.ts";
import type { Store } from "../store/database.ts";
import type { Row } from "../store/event-columns.ts";
import type { DoneRow } from "../store/heads.ts";
import { DatabaseBusyError } from "../store/lane.ts";
import { eventOf, eventOfEntry, GENESIS, nextRow } from "./row.ts";

type Prisma = Store["prisma"];

/** Tries of one append: only another process could make a second one necessary, and there is none. */
const TRIES_MAX = 3;
/** Most adjustments that a list of those at a step gives. */
const STANDING_MAX = 500;

function mayFollow(step: Step | undefined, next: string): boolean {
  return step === undefined || (NEXT_STEPS[step] as readonly string[]).includes(next);
}

function inFlight({ journal }: Store, account: string, symbol: string, marginCoin: string): AuditEvent | undefined {
  const row = journal.inFlight(account, symbol, marginCoin);
  return row && eventOf(row);
}

async function rows(prisma: Prisma, seqs: readonly number[]): Promise<AuditEvent[]> {
  const found = await prisma.auditEvent.findMany({ where: { seq: { in: [...seqs] } }, orderBy: { seq: "asc" } });
  return found.map((row: Row) => eventOf(row));
}

function lastNote({ journal }: Store, notes: readonly Note[]): AuditEvent | undefined {
  const rows = notes.flatMap((note) => journal.lastNote(note) ?? []);
  const [newest] = rows.sort((a, b) => b.seq - a.seq);
  return newest && eventOf(newest);
}

function createAppend(store: Store, now: () => number): EventStore["append"] {
  const { journal, writes } = store;

  /** Undefined: somebody else was faster, and the row has to be made anew. */
  function attempt(entry: Entry): Appended | undefined {
    const before = journal.currentlyAt(entry.adjustment);
    const step = before?.step as Step | undefined;
    if (!mayFollow(step, entry.step)) return { ok: false, step, guard: "step" };
    const stepNumber = entry.adjustment === "" ? 0 : (before?.stepNumber ?? 0) + 1;
    const row = nextRow(entry, stepNumber, now(), journal.last() ?? { seq: 0, hash: GENESIS });
    const guard = journal.insert(row);
    if (guard === undefined) return { ok: true, event: eventOfEntry(entry, row) };
    return guard === "chain" || guard === "step" ? undefined : { ok: false, step, guard };
  }

  async function appendAtLast(entry: Entry): Promise<Appended> {
    // Not at `confirmed`: `sending` follows at once and is kept out, and the press waits for as little as can be.
    if (entry.step !== "confirmed" && store.isLost())
      throw new UnwrittenError("the database file is not in its place any more");
    for (let tries = 1; tries <= TRIES_MAX; tries++) {
      const appended = attempt(entry);
      if (appended !== undefined) return appended;
    }
    throw new UnwrittenError("the audit table refused a legal row");
  }

  return (entry, patienceMs) =>
    writes
      .run(() => appendAtLast(entry), patienceMs)
      .catch((error: unknown) => {
        if (error instanceof UnwrittenError) throw error;
        if (error instanceof DatabaseBusyError) throw new TableBusyError(error.message, { cause: error });
        throw new UnwrittenError(`the audit table could not be written: ${String(error)}`, { cause: error });
      });
}

// Direction and amount are those of the adjustment's rows, which the table does not let in otherwise.
function doneOf({ undoes, ...row }: DoneRow): DoneAdjustment {
  return { ...row, undoes: undoes ?? undefined } as DoneAdjustment;
}

function createProjections(store: Store): Projections {
  const { prisma, journal } = store;
  return {
    currentlyAt: async (steps) => journal.heads.currentlyAt(steps, STANDING_MAX).map(eventOf),
    newestOf: async (account, symbol, marginCoin) => journal.newestOf(account, symbol, marginCoin),
    movedSince: async (position, seq) => journal.movedSince(position, seq),
    inFlight: async (account, symbol, marginCoin) => inFlight(store, account, symbol, marginCoin),
    openCards: async (askedBy) => journal.heads.openCards(askedBy, STANDING_MAX).map(eventOf),
    history: async (askedBy, { skip = 0, ...query }) => journal.heads.history(askedBy, { skip, ...query }).map(eventOf),
    done: async (position, { since = 0, after = 0, limit }) =>
      journal.heads.done(position, { since, after, limit }).map(doneOf),
    lastNote: async (notes) => lastNote(store, notes),
    async notes({ code, after = 0, limit }) {
      const where = { adjustment: "", step: "note", code, seq: { gt: after } };
      const found = await prisma.auditEvent.findMany({ where, take: limit, orderBy: { seq: "desc" } });
      return found.map((row: Row) => eventOf(row));
    },
    async head() {
      const row = await prisma.auditEvent.findFirst({ orderBy: { seq: "desc" } });
      return row === null ? undefined : eventOf(row);
    },
    async recent({ before, limit }) {
      const where = present({ seq: before === undefined ? undefined : { lt: before } });
      const found = await prisma.auditEvent.findMany({ where, take: limit, orderBy: { seq: "desc" } });
      return found.map((row: Row) => eventOf(row));
    },
  };
}

function createVerdictOutbox({ prisma, writes }: Store): VerdictOutbox {
  return {
    async pending(limit, after = 0) {
      const where = { seq: { gt: after } };
      const found = await prisma.untold.findMany({ where, take: limit, orderBy: { seq: "asc" } });
      return rows(
        prisma,
        found.map(({ seq }) => seq),
      );
    },
    markDelivered: (seq) =>
      writes.run(async () => {
        await prisma.untold.deleteMany({ where: { seq } });
      }),
  };
}

function createBillClaims({ prisma }: Store): BillClaims {
  return {
    async claimed(account, bills) {
      const found = await prisma.claimedBill.findMany({ where: { account, bill: { in: [...bills] } } });
      return new Set(found.map(({ bill }) => bill));
    },
  };
}

/** The trail in the database of `store`; `now` gives milliseconds since 1970. */
export function createTrail(store: Store, now: () => number): Trail {
  return {
    events: {
      append: createAppend(store, now),
      of: async (adjustment) => store.journal.events(adjustment).map(eventOf),
    },
    projections: createProjections(store),
    outbox: createVerdictOutbox(store),
    billClaims: createBillClaims(store),
  };
}
