/** Waits until the Telegram shows what somebody looks for, within a limit. */
import type { Telegram } from "./telegram.ts";

/** How long a test waits, unless it says otherwise. */
export const PATIENCE_MS = 10_000;

/**
 * What `look` finds, now or after one of the next changes; rejects with `complaint` when `timeoutMs` pass without it.
 */
export function until<T>(
  telegram: Telegram,
  look: () => T | undefined,
  timeoutMs: number,
  complaint: () => string,
): Promise<T> {
  const found = look();
  if (found !== undefined) return Promise.resolve(found);
  return new Promise((resolve, reject) => {
    const stop = telegram.onChange(() => {
      const value = look();
      if (value === undefined) return;
      clearTimeout(timer);
      stop();
      resolve(value);
    });
    const timer = setTimeout(() => {
      stop();
      reject(new Error(complaint()));
    }, timeoutMs);
  });
}
