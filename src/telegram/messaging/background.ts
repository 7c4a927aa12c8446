/** Work that outlives its update: carried on when the lane is free again, waited for when the process goes down. */
import type { Log } from "../../margin/ports/log.ts";
import { faultOf } from "./errors.ts";

export interface Background {
  run(work: Promise<void>): void;
  /** Resolves when all that was under way has ended. */
  drained(): Promise<void>;
}

export function createBackground(log: Log): Background {
  const open = new Set<Promise<void>>();
  return {
    run(work) {
      const settled = work
        .catch((error: unknown) => log("error", "background_failed", { fault: faultOf(error) }))
        .finally(() => open.delete(settled));
      open.add(settled);
    },
    drained: async () => {
      while (open.size > 0) await Promise.all(open);
    },
  };
}
