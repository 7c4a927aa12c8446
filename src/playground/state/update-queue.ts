/** Updates that wait for the bot to fetch them. */
import type { News, Update } from "./bot-api-types.ts";

/** The updates of the bot in the order of their ids, until it confirms them. */
export interface Queue {
  push(news: News): number;
  /** Puts an update in front that may be confirmed already; it is handed out once. */
  repeat(updateId: number): void;
  take(limit: number): Update[];
  /** Forgets what is before `offset`; below zero, all but the last ones: method "getUpdates". */
  confirm(offset: number): void;
  drop(): void;
  pending(): Update[];
  isEmpty(): boolean;
}

// Telegram keeps updates for a day; a bound on their number does the same for a server that may run for weeks.
const UPDATES_MAX = 10_000;

/** An empty queue, whose first update gets `firstId`. */
export function createQueue(firstId: number): Queue {
  const history = new Map<number, Update>();
  let pending: Update[] = [];
  let repeated: Update[] = [];
  let nextId = firstId;
  return {
    push(news) {
      // A copy: what the bot reads later is what was true when it happened.
      const update = structuredClone({ update_id: nextId, ...news });
      history.set(nextId, update);
      history.delete(nextId - UPDATES_MAX);
      nextId += 1;
      pending = [...pending, update].slice(-UPDATES_MAX);
      return update.update_id;
    },
    repeat(updateId) {
      const update = history.get(updateId);
      if (!update) throw new Error(`There never was an update ${updateId}, or it is too old.`);
      repeated.push(update);
    },
    take(limit) {
      const batch = [...repeated, ...pending].slice(0, limit);
      repeated = repeated.slice(batch.length);
      return batch;
    },
    confirm(offset) {
      if (offset > 0) pending = pending.filter((update) => update.update_id >= offset);
      if (offset < 0) pending = pending.slice(offset);
    },
    drop() {
      pending = [];
    },
    pending: () => structuredClone(pending),
    isEmpty: () => pending.length + repeated.length === 0,
  };
}
