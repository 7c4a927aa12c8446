/** Bitget's time: it refuses a request whose timestamp is more than 30 s away from its own clock. */
import type { Reading } from "../../margin/ports/exchange.ts";
import type { Clean } from "./clean.ts";
import type { Client, Warn } from "./client.ts";
import { serverTimeData } from "./envelope.ts";
import { readingOf, saidOf } from "./result.ts";

const SERVER_TIME_PATH = "/api/v2/public/time";
const ANSWER_MAX = 64 * 1024;
const SAMPLES = 3;
/** How long, and how many, earlier offsets count for how sure the clock is. */
const SPREAD_MS = 3_600_000;
const OFFSETS_MAX = 100;

interface Sample {
  readonly offset: number;
  readonly error: number;
}

/** Bitget's clock, as far as it is known from here. */
export interface Clock {
  /** Asks Bitget for its time. Callers at the same moment share one request. */
  measure(): Promise<Reading<{ readonly offsetMs: number }>>;
  /** Bitget's time now, in whole ms, as far as it is known. */
  signedNow(): number;
  /** How far that may be off, in ms: half the round trip, and what it moved in the last hour. */
  errorMs(): number;
}

export interface ClockParts {
  readonly client: Client;
  /** This machine's time, in ms. */
  readonly now: () => number;
  readonly clean: Clean;
  readonly warn?: Warn | undefined;
}

const QUESTION = {
  method: "GET",
  path: SERVER_TIME_PATH,
  query: "",
  body: "",
  headers: {},
  answerMax: ANSWER_MAX,
} as const;

/** How far the offset moved lately, in ms: times that were noted under an older one are off by as much. */
function createSpread(now: () => number): (offset: number) => number {
  let offsets: { at: number; offset: number }[] = [];
  return (offset) => {
    offsets = [...offsets.filter(({ at }) => now() - at < SPREAD_MS).slice(-OFFSETS_MAX), { at: now(), offset }];
    const all = offsets.map((item) => item.offset);
    return Math.max(...all) - Math.min(...all);
  };
}

/** A clock that trusts `now` until it is measured for the first time. */
export function createClock({ client, now, clean, warn }: ClockParts): Clock {
  let offsetMs = 0;
  let errorMs = 0;
  const spread = createSpread(now);
  let measuring: Promise<Reading<{ offsetMs: number }>> | undefined;

  async function sample(): Promise<Reading<Sample>> {
    const sentAt = now();
    const result = await client.call(QUESTION);
    // Bitget read its clock somewhere on the way; half the way is wrong by at most half the round trip.
    const back = now();
    const reading = readingOf(result, serverTimeData, clean);
    if (!reading.ok) return reading;
    const offset = Math.round(reading.value.serverTime - (sentAt + back) / 2);
    return { ok: true, value: { offset, error: Math.ceil((back - sentAt) / 2) } };
  }

  // The quickest of a few answers is the most exact one.
  async function ask(): Promise<Reading<{ offsetMs: number }>> {
    let best: Sample | undefined;
    for (let samples = 1; samples <= SAMPLES; samples++) {
      const reading = await sample();
      if (!reading.ok) {
        warn?.({ event: "bitget_unread", path: SERVER_TIME_PATH, why: reading.why, ...saidOf(reading.exchanged) });
        return reading;
      }
      if (best === undefined || reading.value.error < best.error) best = reading.value;
    }
    if (best !== undefined) [offsetMs, errorMs] = [best.offset, best.error + spread(best.offset)];
    return { ok: true, value: { offsetMs } };
  }

  function measure(): Promise<Reading<{ offsetMs: number }>> {
    measuring ??= ask().finally(() => {
      measuring = undefined;
    });
    return measuring;
  }

  return { measure, signedNow: () => Math.round(now() + offsetMs), errorMs: () => errorMs };
}
