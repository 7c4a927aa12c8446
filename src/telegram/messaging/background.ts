/** Work that outlives its update: carried on when the lane is free again, waited for when the process goes down. */
import type { Log } from "../../margin/ports/log.ts";
import { faultOf } from "./errors.ts";

/** Work that outlives the update that began it. */
export interface Background {
  run(work: Promise<void>): void;
  /** Resolves when all that was under way has ended. */
  drained(): Promise<void>;
}

/** Keeps hold of work until it ends; what fails is logged by its kind alone. */
export function createBackground(log: Log): Background {
  const open = new Map<Promise<void>, Promise<void>>();
  return {
    run(work) {
      // Who got the turn of somebody else brings the same work once more.
      if (open.has(work)) return;
      const settled = work
        .catch((error: unknown) => log("error", "background_failed", { fault: faultOf(error) }))
        .finally(() => open.delete(work));
      open.set(work, settled);
    },
    drained: async () => {
      while (open.size > 0) await Promise.all(open.values());
    },
  };
}

/** Does work of little weight beside everything else. False when there is too much of it: then it is not done. */
export type Sideline = (work: () => Promise<void>) => boolean;

/** `carry` takes each piece of work as it begins. At most `atOnce` are under way, and `waitingMax` wait. */
export function createSideline(carry: Background["run"], atOnce: number, waitingMax: number): Sideline {
  const waiting: (() => Promise<void>)[] = [];
  let running = 0;

  function begin(work: () => Promise<void>): void {
    running += 1;
    carry(
      work().finally(() => {
        running -= 1;
        const next = waiting.shift();
        if (next !== undefined) begin(next);
      }),
    );
  }

  return (work) => {
    if (running < atOnce) begin(work);
    else if (waiting.length < waitingMax) waiting.push(work);
    else return false;
    return true;
  };
}
