/** One write at a time: a body that reads and then writes is never interleaved with another. */

/** One writer at a time. */
export interface Lane {
  /** Runs `body` when all bodies before it have ended. Await nothing but the database in it. */
  run<T>(body: () => Promise<T>): Promise<T>;
  /** Whom to tell, besides its caller, that a write failed: whatever was acknowledged before is still there. */
  onFailure(listener: () => void): void;
}

/** A lane with nothing in it. */
export function createLane(): Lane {
  let last: Promise<unknown> = Promise.resolve();
  let failed: () => void = () => undefined;
  return {
    run(body) {
      const turn = last.then(body);
      last = turn.catch(() => failed());
      return turn;
    },
    onFailure(listener) {
      failed = listener;
    },
  };
}
