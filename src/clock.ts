/** The one clock: the machine's, corrected by what Bitget and Telegram say, and steady between what they say. */
import { setTimeout as pause } from "node:timers/promises";
import type { Clock, Moment, Testimony, Witness } from "./margin/ports/clock.ts";
import type { Log } from "./margin/ports/log.ts";

/** Wall clock and monotonic clock that part by more than this, in ms, since a testimony: it may not hold any more. */
const PARTED_MS = 2000;
/** The same between a question and its answer, which are a moment apart. */
const STEPPED_MS = 100;
/** What Telegram took longer to say, in ms, is no use: nobody knows when it read its clock. Long polls are such. */
const TELEGRAM_MS_MAX = 5000;
/** Where Bitget and Telegram differ by more than this, in ms, one of them is wrong. */
const CONTRADICTED_MS = 5000;
/** How long, and how many, earlier offsets count for how sure the clock is. */
const SPREAD_MS = 3_600_000;
const OFFSETS_MAX = 100;
/** How long whoever needs to be sure waits for Bitget, and how long nobody asks again where that was in vain; in ms. */
const SURE_WAIT_MS = 3000;
const IN_VAIN_MS = 5000;

/** The machine's clocks, read here alone. */
export const MACHINE = {
  wall: (): number => Date.now(),
  monotonic: (): number => performance.now(),
};

/** What a clock is made of: MACHINE, or what a test takes for it. */
export type MachineClock = typeof MACHINE;

/** A testimony as what has to be added to the monotonic clock, and how far wall clock and monotonic were apart then. */
interface Heard {
  readonly offset: number;
  readonly error: number;
  readonly gap: number;
}

const gapOf = ({ wall, monotonic }: Moment): number => wall - monotonic;

function heardOf({ asked, heard, time, coarseMs }: Testimony): Heard {
  // The witness read its clock somewhere on the way; half the way is wrong by at most half the round trip.
  const [middle, roundTrip] = [(asked.monotonic + heard.monotonic) / 2, heard.monotonic - asked.monotonic];
  return { offset: time + coarseMs / 2 - middle, error: (roundTrip + coarseMs) / 2, gap: gapOf(heard) };
}

/** How far the offset moved lately, in ms: times that were noted under an older one are off by as much. */
function createSpread(): (offset: number, at: number) => number {
  let offsets: { at: number; offset: number }[] = [];
  return (offset, at) => {
    offsets = [...offsets.filter((item) => at - item.at < SPREAD_MS).slice(-OFFSETS_MAX), { at, offset }];
    const all = offsets.map((item) => item.offset);
    return Math.max(...all) - Math.min(...all);
  };
}

/** True where the machine slept or its clock was set between two moments. */
function hasStepped({ asked, heard }: Testimony): boolean {
  return Math.abs(gapOf(heard) - gapOf(asked)) > STEPPED_MS;
}

/** What was heard last of each, and how far the machine's clocks were apart at the beginning. */
type Known = { readonly ownGap: number } & { [witness in Witness]?: Heard };

function holds({ gap }: Heard, gapNow: number): boolean {
  return Math.abs(gap - gapNow) <= PARTED_MS;
}

/** What the monotonic clock lacks. Bitget is the finer witness, unless Telegram and the machine agree against it. */
function offsetOf(known: Known, gapNow: number): number {
  const standing = (said: Heard | undefined) => (said !== undefined && holds(said, gapNow) ? said : undefined);
  const [bitget, telegram] = [standing(known.bitget), standing(known.telegram)];
  // The last known good one goes on where nothing holds any more.
  if (bitget === undefined) return (telegram ?? known.bitget ?? known.telegram)?.offset ?? known.ownGap;
  const agree = (a: number, b: number) => Math.abs(a - b) <= CONTRADICTED_MS;
  const isOutvoted = telegram && !agree(telegram.offset, bitget.offset) && agree(telegram.offset, bitget.gap);
  return isOutvoted ? bitget.gap : bitget.offset;
}

/** A clock that trusts the machine's wall clock, as it was at this moment, until somebody else is heard. */
export function createClock(machine: MachineClock = MACHINE): Clock {
  const moment = (): Moment => ({ wall: machine.wall(), monotonic: machine.monotonic() });
  const gap = () => gapOf(moment());
  const known: Known = { ownGap: gap() };
  const spread = createSpread();
  let errorMs = 0;
  const offset = () => offsetOf(known, gap());
  const isParted = () => known.bitget !== undefined && !holds(known.bitget, gap());

  function hear(witness: Witness, testimony: Testimony): boolean {
    if (hasStepped(testimony)) return false;
    const said = heardOf(testimony);
    if (witness === "telegram" && said.error * 2 > TELEGRAM_MS_MAX) return false;
    known[witness] = said;
    if (witness === "bitget") errorMs = said.error + spread(said.offset, testimony.heard.monotonic);
    return true;
  }

  return {
    now: () => Math.round(machine.monotonic() + offset()),
    exchangeNow: () => Math.round(machine.monotonic() + ((isParted() ? undefined : known.bitget?.offset) ?? offset())),
    errorMs: () => Math.ceil(errorMs + (known.bitget && isParted() ? Math.abs(gap() - known.bitget.gap) : 0)),
    moment,
    hear,
    isParted,
    aheadMs: () => Math.round(gap() - offset()),
  };
}

/**
 * The time, for whoever ages or confirms something: Bitget is asked first where the machine slept or its clock was set
 * since it was asked last. Where that is in vain, the clock goes on as it is, and the next seconds nobody asks.
 */
export function createSureNow(clock: Clock, measure: () => Promise<void>, log: Log): () => Promise<number> {
  let askAgainAt = 0;
  return async () => {
    if (!clock.isParted() || clock.moment().monotonic < askAgainAt) return clock.now();
    await Promise.race([measure(), pause(SURE_WAIT_MS, undefined, { ref: false })]);
    if (clock.isParted()) {
      askAgainAt = clock.moment().monotonic + IN_VAIN_MS;
      log("warn", "clock_unsure", { aheadMs: clock.aheadMs() });
    }
    return clock.now();
  };
}
