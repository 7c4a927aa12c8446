/**
 * The last rows of an adjustment, written although the table does not take them at once. What is known of the money is known
 * to this process alone until then, so it is held for as long as the process lives.
 */
import { TableBusyError, UnwrittenError } from "../ports/audit-trail.ts";
import type { Deps } from "../ports/deps.ts";

/** How long a row on the way of the money waits for another program, in ms, before anybody hears of it. */
export const MONEY_PATIENCE_MS = 1000;
/** Pauses between two tries: from, doubling, to; in ms. */
const PAUSE_MS = { least: 100, most: 5000 };
/** Tries once the process goes down: then it ends, and what stands in the table is settled at the next start. */
const LAST_TRIES_MAX = 10;

/** Hears, once, that a row is held; `isBusy`: by nothing worse than another program that uses the table. */
export type Held = (isBusy: boolean) => void;

/**
 * Writes until it is written. `held` hears of the first try that fails. Throws what the last try threw, and only where the
 * process goes down; any other error than `UnwrittenError` at once.
 */
export async function recordAtLast<T>(
  { pause, closing }: Pick<Deps, "pause" | "closing">,
  write: () => Promise<T>,
  held: Held,
): Promise<T> {
  let [isTold, lastTries] = [false, 0];
  for (let ms: number = PAUSE_MS.least; ; ms = Math.min(ms * 2, PAUSE_MS.most)) {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof UnwrittenError)) throw error;
      if (!isTold) held(error instanceof TableBusyError);
      isTold = true;
      if (closing()) lastTries += 1;
      if (lastTries > LAST_TRIES_MAX) throw error;
    }
    await pause(ms);
  }
}
