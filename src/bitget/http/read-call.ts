/** Reads: each endpoint with its own budget. They move nothing, so one may be asked a second time. */
import { setTimeout as pause } from "node:timers/promises";
import type * as z from "zod";
import type { Reading } from "../../margin/ports/exchange.ts";
import type { Clean } from "./clean.ts";
import type { Client, HttpResult, Warn } from "./client.ts";
import type { Measure } from "./clock.ts";
import { createLimiter, type Limiter } from "./limiter.ts";
import { readingOf, saidOf } from "./result.ts";
import { queryText, type Request } from "./sign.ts";
import type { SignedCall } from "./signed-call.ts";

/** A read that Bitget offers, with its limit and the shape of its data. */
export interface Endpoint<T> {
  readonly path: string;
  /** A private one is signed. */
  readonly access: "public" | "private";
  /** Bitget's limit, per UID or per address. */
  readonly perSecond: number;
  readonly data: z.ZodType<T>;
  /** Where in the data fields could not be read that hide nothing else. */
  odd?(value: NoInfer<T>): readonly string[];
}

/**
 * One read: the data in their shape, or why there are none. `values` are the parameters of the query, undecorated
 * text.
 */
export type Read = <T>(endpoint: Endpoint<T>, values: Readonly<Record<string, string>>) => Promise<Reading<T>>;

/** What was read, in another shape; a reading that failed stays as it is. */
export function mapReading<T, U>(reading: Reading<T>, change: (value: T) => U): Reading<U> {
  return reading.ok ? { ok: true, value: change(reading.value) } : reading;
}

export interface ReadParts {
  readonly client: Client;
  readonly measure: Measure;
  readonly call: SignedCall;
  readonly clean: Clean;
  readonly warn?: Warn | undefined;
}

/** What came of a request, and how its text is cleaned. */
interface Asked {
  readonly result: HttpResult;
  readonly clean: Clean;
}

const ANSWER_MAX = 4 * 1024 * 1024;
/** A tenth more than Bitget's second, because the network may bunch what left here evenly. */
const WINDOW_MS = 1100;
const WAIT = { windowMs: WINDOW_MS, waitMs: 10_000, waitingMax: 200 };
/** Fields that one line of the log names. */
const ODD_MAX = 20;
const TOO_MANY = 429;
/** Timestamp invalid, timestamp expired: the clock is off, and nothing was done. */
const CLOCK_CODES = new Set(["40005", "40008"]);

/** Throws, before anything leaves, where a value cannot be signed; see `queryText`. */
export function createRead({ client, measure, call, clean, warn }: ReadParts): Read {
  const noteOdd = createOddNote(warn);
  const limiters = new Map<string, Limiter>();

  function limiterOf({ path, perSecond }: Endpoint<unknown>): Limiter {
    const limiter = limiters.get(path) ?? createLimiter({ ...WAIT, starts: perSecond });
    limiters.set(path, limiter);
    return limiter;
  }

  /** Undefined when the line for this endpoint was too long. */
  async function ask(endpoint: Endpoint<unknown>, request: Request): Promise<Asked | undefined> {
    if (!(await limiterOf(endpoint).take())) return undefined;
    if (endpoint.access === "private") return call(request, ANSWER_MAX);
    return { result: await client.call({ ...request, headers: {}, answerMax: ANSWER_MAX }), clean };
  }

  /** Whether the read may be made a second time: the clock was off and is right now, or others had used the budget up. */
  async function isWorthAnother(result: HttpResult | undefined): Promise<boolean> {
    if (result?.kind === "answer" && CLOCK_CODES.has(result.code)) return (await measure()).ok;
    if (result?.httpStatus !== TOO_MANY) return false;
    await pause(WINDOW_MS, undefined, { ref: false });
    return true;
  }

  return async (endpoint, values) => {
    const request: Request = { method: "GET", path: endpoint.path, query: queryText(values), body: "" };
    let asked = await ask(endpoint, request);
    if (await isWorthAnother(asked?.result)) asked = await ask(endpoint, request);
    if (asked === undefined) return { ok: false, why: "not_sent", exchanged: { fault: "busy" } };
    const { path } = endpoint;
    const reading = readingOf(asked.result, endpoint.data, asked.clean, (odd) => noteOdd(path, odd));
    if (reading.ok) noteOdd(path, endpoint.odd?.(reading.value) ?? []);
    else warn?.({ event: "bitget_unread", path, why: reading.why, ...saidOf(reading.exchanged) });
    return reading;
  };
}

/** Warns of fields that could not be read, once until something else of the path is odd: lists are read often. */
function createOddNote(warn: Warn | undefined): (path: string, odd: readonly string[]) => void {
  const noted = new Map<string, string>();
  return (path, odd) => {
    const fields = odd.slice(0, ODD_MAX).join(" ");
    if (fields !== "" && fields !== noted.get(path)) warn?.({ event: "bitget_odd", path, fields, count: odd.length });
    noted.set(path, fields);
  };
}
