/** Readings that stay good for a while: kept up to an age and a number, and read once for all who ask together. */
import type { Reading } from "../../margin/ports/exchange.ts";

export interface ReadingCache<T> {
  /**
   * The value under this name where it is young enough, or what `read` gives. Whoever asks while it is being read waits
   * for the same reading, which may have begun before they asked. A failure is given to them all, and not kept.
   */
  get(name: string, read: () => Promise<Reading<T>>): Promise<Reading<T>>;
  /** The last value under this name, however old; undefined when there is none. */
  last(name: string): T | undefined;
}

export interface ReadingCacheOptions {
  /** From this age on a value is read anew, in ms; 0: nothing is kept, and only the reading is shared. */
  readonly ageMaxMs: number;
  /** Most values that are kept: beyond it the one that was read first goes. */
  readonly entriesMax: number;
  readonly now: () => number;
}

/**
 * An empty cache of readings by key: at most `entriesMax`, each at most `ageMaxMs` old; several who ask for one at the same
 * moment share one read. A failed read is given to those who wait for it, and is not kept.
 */
export function createReadingCache<T>({ ageMaxMs, entriesMax, now }: ReadingCacheOptions): ReadingCache<T> {
  const kept = new Map<string, { readonly readAt: number; readonly value: T }>();
  const underWay = new Map<string, Promise<Reading<T>>>();

  function keep(name: string, readAt: number, value: T): void {
    kept.delete(name);
    kept.set(name, { readAt, value });
    const [eldest] = kept.keys();
    if (kept.size > entriesMax && eldest !== undefined) kept.delete(eldest);
  }

  async function readAnew(name: string, read: () => Promise<Reading<T>>): Promise<Reading<T>> {
    const readAt = now();
    const reading = await read();
    if (reading.ok) keep(name, readAt, reading.value);
    return reading;
  }

  return {
    async get(name, read) {
      const entry = kept.get(name);
      if (entry !== undefined && now() - entry.readAt < ageMaxMs) return { ok: true, value: entry.value };
      const shared = underWay.get(name) ?? readAnew(name, read).finally(() => underWay.delete(name));
      underWay.set(name, shared);
      return shared;
    },
    last: (name) => kept.get(name)?.value,
  };
}
