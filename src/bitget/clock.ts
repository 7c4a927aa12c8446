/** Bitget's time: it refuses a request whose timestamp is more than 30 s away from its own clock. */
import type { Reading } from "../margin/exchange.ts";
import type { Client } from "./client.ts";
import { type Clean, readingOf } from "./outcome.ts";
import { serverTimeData } from "./wire.ts";

export const SERVER_TIME_PATH = "/api/v2/public/time";
const ANSWER_MAX = 64 * 1024;

export interface Clock {
  /** Asks Bitget for its time. Callers at the same moment share one request. */
  measure(): Promise<Reading<{ readonly offsetMs: number }>>;
  /** Bitget's time now, in whole ms, as far as it is known. */
  signedNow(): number;
}

export interface ClockParts {
  readonly client: Client;
  /** This machine's time, in ms. */
  readonly now: () => number;
  readonly clean: Clean;
}

/** A clock that trusts `now` until it is measured for the first time. */
export function createClock({ client, now, clean }: ClockParts): Clock {
  let offsetMs = 0;
  let measuring: Promise<Reading<{ offsetMs: number }>> | undefined;

  async function ask(): Promise<Reading<{ offsetMs: number }>> {
    const sentAt = now();
    const fate = await client.call({
      method: "GET",
      path: SERVER_TIME_PATH,
      query: "",
      body: "",
      headers: {},
      answerMax: ANSWER_MAX,
    });
    // Bitget read its clock somewhere on the way; half the way is wrong by at most half the round trip.
    const middle = (sentAt + now()) / 2;
    const reading = readingOf(fate, serverTimeData, clean);
    if (!reading.ok) return reading;
    offsetMs = Math.round(reading.value.serverTime - middle);
    return { ok: true, value: { offsetMs } };
  }

  function measure(): Promise<Reading<{ offsetMs: number }>> {
    measuring ??= ask().finally(() => {
      measuring = undefined;
    });
    return measuring;
  }

  return { measure, signedNow: () => Math.round(now() + offsetMs) };
}
