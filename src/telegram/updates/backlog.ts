/**
 * What waited at Telegram while nobody fetched it. A press has no date, so that is told by how it came: Telegram keeps
 * updates until they are fetched, and answers at once where it has some. After a start, and after a gap between two polls,
 * the bot first fetches without waiting whatever there is, and all of that had waited.
 */
import type { Transformer } from "grammy";
import type { Update } from "grammy/types";
import type { Clock } from "../../margin/ports/clock.ts";

/** Between two polls that were answered, in ms: longer, and the bot was away. Also how long a sleep is one. */
const GAP_MS = 10_000;
/** A poll that took longer, in ms, was answered long ago, and nobody read it: the process was stopped. */
const POLL_MS_MAX = 30_000 + GAP_MS;
/** Most that Telegram gives at once: then there is more. */
const UPDATES_MAX = 100;

/** The time at a moment: by the corrected clock, and by the one that stands still while the machine sleeps. */
interface Point {
  readonly time: number;
  readonly monotonic: number;
}

interface Poll {
  readonly isCatchingUp: boolean;
  /** In ms of the monotonic clock. */
  readonly begun: number;
  /** When the bot was last known to be awake and fetching, before this poll. */
  readonly awake: Point;
}

/** Knows which updates had waited. */
export interface Backlog {
  /** Sees each poll, and shortens those that fetch what had waited. */
  readonly transformer: Transformer;
  /** Resolves when what had waited at the start has been fetched. */
  readonly caughtUp: Promise<void>;
  /** Whether this update had waited while the bot was away or the machine slept. Asks for the time where that is not sure. */
  hadWaited(update: Update): Promise<boolean>;
}

/** Nothing was fetched yet. `sureNow` as in `Deps`. */
export function createBacklog(
  clock: Pick<Clock, "now" | "moment" | "isParted">,
  sureNow: () => Promise<number>,
): Backlog {
  const point = (time = clock.now()): Point => ({ time, monotonic: clock.moment().monotonic });
  // What the corrected clock has moved more than the monotonic one, the machine slept.
  const sleptMs = (from: Point, to: Point) => to.time - from.time - (to.monotonic - from.monotonic);
  const polls = new WeakMap<Update, Poll>();
  const { promise: caughtUp, resolve } = Promise.withResolvers<void>();
  let isCatchingUp = true;
  let awake = point();
  let answered = awake.monotonic;

  function end(poll: Poll, updates: readonly Update[]): void {
    const now = point();
    answered = now.monotonic;
    const wasAway = sleptMs(awake, now) > GAP_MS || answered - poll.begun > POLL_MS_MAX;
    const had = poll.isCatchingUp || wasAway;
    for (const update of updates) polls.set(update, { ...poll, isCatchingUp: had });
    isCatchingUp = wasAway || (had && updates.length >= UPDATES_MAX);
    if (!isCatchingUp) resolve();
    // Until it is known whether the machine slept, the next poll is judged from the same point on.
    if (!clock.isParted()) awake = now;
  }

  return {
    caughtUp,
    async hadWaited(update) {
      const poll = polls.get(update);
      if (poll === undefined) return false;
      return poll.isCatchingUp || sleptMs(poll.awake, point(await sureNow())) > GAP_MS;
    },
    transformer: async (call, method, payload, signal) => {
      if (method !== "getUpdates") return call(method, payload, signal);
      isCatchingUp ||= clock.moment().monotonic - answered > GAP_MS;
      const poll: Poll = { isCatchingUp, begun: clock.moment().monotonic, awake };
      const answer = await call(method, isCatchingUp ? { ...payload, timeout: 0 } : payload, signal);
      if (answer.ok) end(poll, answer.result as Update[]);
      return answer;
    },
  };
}
