/**
 * One write at a time: a body that reads and then writes is never interleaved with another. Another program that holds the
 * database (a backup, a snapshot tool) is waited for between tries, so that nothing else of this process waits with it.
 */
import { setTimeout as pause } from "node:timers/promises";

/** How long a write waits for its turn and for another program, in ms, unless told otherwise. */
const PATIENCE_MS = 30_000;
/** Pauses between two tries: from, doubling, to; in ms. */
const PAUSE_MS = { least: 10, most: 200 };
/** A hold of this length, in ms, is told: shorter ones are a backup's or a checkpoint's daily business. */
const TOLD_AFTER_MS = 2000;

/** Another program holds the database, and did not let go in time. Nothing was written. */
export class DatabaseBusyError extends Error {
  override readonly name = "DatabaseBusyError";
}

/** Whom to tell of writes, besides their callers. */
interface LaneListeners {
  /** A write failed: whatever was acknowledged before is still there. */
  failed(): void;
  /** Another program holds the database: once for each time that it does so for long. */
  held(): void;
}

/** One writer at a time. */
export interface Lane {
  /**
   * Runs `body` when all bodies before it have ended. Await nothing but the database in it: where that is held by another
   * program, the body begins anew. Throws `DatabaseBusyError` when `patienceMs`, counted from this call, are over.
   */
  run<T>(body: () => Promise<T>, patienceMs?: number): Promise<T>;
  /** True while another program holds the database for long. */
  isHeld(): boolean;
  listen(listeners: LaneListeners): void;
}

/** What both clients of the database say where somebody else holds it: SQLite's own code, and Prisma's. */
function isBusy(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === "string" && (code.startsWith("SQLITE_BUSY") || code === "P1008");
}

/** Runs `body` until it does not meet another program any more; `waited` hears after each try how long that takes, in ms. */
async function runWhenFree<T>(body: () => Promise<T>, deadline: number, waited: (ms: number) => void): Promise<T> {
  const since = performance.now();
  for (let ms: number = PAUSE_MS.least; ; ms = Math.min(ms * 2, PAUSE_MS.most)) {
    if (performance.now() >= deadline) throw new DatabaseBusyError("another program holds the database");
    try {
      return await body();
    } catch (error) {
      if (!isBusy(error)) throw error;
    }
    waited(performance.now() - since);
    await pause(ms);
  }
}

/** A lane with nothing in it. */
export function createLane(): Lane {
  let last: Promise<unknown> = Promise.resolve();
  let told: LaneListeners = { failed: () => undefined, held: () => undefined };
  let held = false;

  function waited(ms: number): void {
    if (held || ms < TOLD_AFTER_MS) return;
    held = true;
    told.held();
  }

  /** A database that is merely held has lost nothing: it takes the next row as if nothing had been. */
  function ended(error?: unknown): void {
    if (error instanceof DatabaseBusyError) return;
    held = false;
    if (error !== undefined) told.failed();
  }

  return {
    run(body, patienceMs = PATIENCE_MS) {
      const deadline = performance.now() + patienceMs;
      const turn = last.then(() => runWhenFree(body, deadline, waited));
      last = turn.then(() => ended(), ended);
      return turn;
    },
    isHeld: () => held,
    listen(listeners) {
      told = listeners;
    },
  };
}
