/** Places where a test stops a call, acts, and lets it go on: no test has to guess how long something takes. */
import { isTarget, type Target } from "./faults.ts";

/** Which call is stopped, and where on its way. */
export interface HoldOrder extends Target {
  /**
   * "before" (unless told otherwise): the call waits as if still on its way, and is checked by the clock of its
   * release. "after": it has been handled, and its answer waits.
   */
  readonly when?: "before" | "after";
  /** Stops every call until the release, as where the exchange hangs; otherwise the next one alone. */
  readonly every?: boolean;
}

/** A stopped call, or the place where one will be stopped. */
export interface Hold {
  /** Settles when a call waits here, the first one where every one is stopped. */
  readonly reached: Promise<void>;
  /** Lets what waits go on; before a call came, calls the hold off. */
  release(): void;
}

/** The calls that are to be stopped. */
export interface Holds {
  order(order: HoldOrder): Hold;
  /** Waits if a hold is meant for this call. */
  pass(when: "before" | "after", method: string, path: string): Promise<void>;
  /** Lets every waiting call go on. */
  releaseAll(): void;
}

interface OpenHold {
  readonly order: HoldOrder;
  readonly reach: () => void;
  readonly released: Promise<void>;
  readonly release: () => void;
  isReached: boolean;
}

/** No call is to be stopped. */
export function createHolds(): Holds {
  const open = new Set<OpenHold>();
  return {
    order: (order) => {
      const reached = Promise.withResolvers<void>();
      const released = Promise.withResolvers<void>();
      const hold: OpenHold = {
        order,
        reach: reached.resolve,
        released: released.promise,
        release: () => {
          open.delete(hold);
          released.resolve();
        },
        isReached: false,
      };
      open.add(hold);
      return { reached: reached.promise, release: hold.release };
    },
    pass: async (when, method, path) => {
      for (const hold of open) {
        const isSpent = hold.isReached && hold.order.every !== true;
        if (isSpent || (hold.order.when ?? "before") !== when || !isTarget(hold.order, method, path)) continue;
        hold.isReached = true;
        hold.reach();
        return hold.released;
      }
    },
    releaseAll: () => {
      for (const hold of open) hold.release();
    },
  };
}
