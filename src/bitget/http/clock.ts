/** Bitget's time: it refuses a request whose timestamp is more than 30 s away from its own clock. */
import type { Clock, Testimony } from "../../margin/ports/clock.ts";
import type { Reading } from "../../margin/ports/exchange.ts";
import type { Clean } from "./clean.ts";
import type { Client, Warn } from "./client.ts";
import { serverTimeData } from "./envelope.ts";
import { readingOf, saidOf } from "./result.ts";

const SERVER_TIME_PATH = "/api/v2/public/time";
const ANSWER_MAX = 64 * 1024;
const SAMPLES = 3;

/** Asks Bitget for its time, and tells the clock. Callers at the same moment share one measurement. */
export type Measure = () => Promise<Reading<{ readonly aheadMs: number }>>;

export interface MeasureParts {
  readonly client: Client;
  readonly clock: Clock;
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

/** What the machine's clock did during the question shows afterwards: such an answer fails like one that never came. */
const STEPPED = {
  ok: false,
  why: "no_answer",
  exchanged: { fault: "the machine slept or its clock was set" },
} as const;

/** By the clock that only goes forward. */
function roundTrip({ asked, heard }: Testimony): number {
  return heard.monotonic - asked.monotonic;
}

/** A measurement of three questions, of which the quickest answer counts: it is the most exact one. */
export function createMeasure({ client, clock, clean, warn }: MeasureParts): Measure {
  let measuring: ReturnType<Measure> | undefined;

  async function sample(): Promise<Reading<Testimony>> {
    const asked = clock.moment();
    const result = await client.call(QUESTION);
    const heard = clock.moment();
    const reading = readingOf(result, serverTimeData, clean);
    return reading.ok ? { ok: true, value: { asked, heard, time: reading.value.serverTime, coarseMs: 0 } } : reading;
  }

  async function ask(): ReturnType<Measure> {
    const samples: Testimony[] = [];
    for (let asked = 1; asked <= SAMPLES; asked++) {
      const reading = await sample();
      if (!reading.ok) {
        warn?.({ event: "bitget_unread", path: SERVER_TIME_PATH, why: reading.why, ...saidOf(reading.exchanged) });
        return reading;
      }
      samples.push(reading.value);
    }
    // One that the machine's clock spoiled is passed over, and the next quickest counts.
    const isHeard = samples.toSorted((a, b) => roundTrip(a) - roundTrip(b)).some((one) => clock.hear("bitget", one));
    return isHeard ? { ok: true, value: { aheadMs: clock.aheadMs() } } : STEPPED;
  }

  return () => {
    measuring ??= ask().finally(() => {
      measuring = undefined;
    });
    return measuring;
  };
}
