/** One HTTP request to Bitget: sent once, never repeated, never redirected; whatever happens comes back as a value. */
import { ofetch } from "ofetch";
import { envelope } from "./envelope.ts";
import { parseExactly } from "./json.ts";
import { networkFaultOf, neverSent } from "./network-errors.ts";
import { type Request, sentTarget } from "./sign.ts";

interface Call extends Request {
  readonly headers: Readonly<Record<string, string>>;
  /** Longest answer that is read, in bytes after decompression. */
  readonly answerMax: number;
}

/** What came of a request. */
export type HttpResult =
  | {
      /** A complete JSON envelope. It says nothing yet about success: see `httpStatus` and `code`. */
      readonly kind: "answer";
      readonly httpStatus: number;
      readonly code: string;
      readonly msg: string;
      readonly requestTime: number | undefined;
      readonly data: unknown;
    }
  | {
      readonly kind: "silence";
      /** `not_sent` only where it is certain that no byte left; in doubt `sent`. */
      readonly phase: "not_sent" | "sent";
      readonly fault: string;
      readonly httpStatus: number | undefined;
    };

/** A line for the log: named plain fields only. */
export type LogEvent = { readonly event: string } & Readonly<Record<string, string | number | undefined>>;

/** Writes a warning to the log. */
export type Warn = (event: LogEvent) => void;

export interface ClientOptions {
  readonly baseUrl: string;
  /** Budget of one call, from the start to the last byte of the answer. */
  readonly timeoutMs: number;
  readonly log?: ((event: LogEvent) => void) | undefined;
}

/** Sends a request once. Never rejects: whatever happens is an `HttpResult`. */
export interface Client {
  call(call: Call): Promise<HttpResult>;
}

/** Throws when the base URL is none. */
export function createClient({ baseUrl, timeoutMs, log }: ClientOptions): Client {
  const base = new URL(baseUrl).href.replace(/\/+$/, "");

  async function call(call: Call): Promise<HttpResult> {
    const startedAt = performance.now();
    const result = await withinBudget(timeoutMs, (signal) => attempt(base + sentTarget(call), call, signal));
    log?.({
      event: "bitget_call",
      method: call.method,
      path: call.path,
      ms: Math.round(performance.now() - startedAt),
      httpStatus: result.httpStatus,
      code: result.kind === "answer" ? result.code : undefined,
      fault: result.kind === "silence" ? result.fault : undefined,
    });
    return result;
  }

  return { call };
}

/** What `run` gives, or a timeout. The race keeps the budget even where an abort goes unheard. */
async function withinBudget(timeoutMs: number, run: (signal: AbortSignal) => Promise<HttpResult>): Promise<HttpResult> {
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<HttpResult>((resolve) => {
    timer = setTimeout(() => {
      resolve({ kind: "silence", phase: "sent", fault: "timeout", httpStatus: undefined });
      abort.abort();
    }, timeoutMs);
  });
  try {
    return await Promise.race([run(abort.signal), timeout]);
  } finally {
    clearTimeout(timer);
  }
}

async function attempt(url: string, call: Call, signal: AbortSignal): Promise<HttpResult> {
  let httpStatus: number | undefined;
  try {
    const response = await ofetch.raw(url, {
      method: call.method,
      ...payload(call),
      signal,
      retry: false,
      redirect: "manual",
      responseType: "stream",
      ignoreResponseError: true,
    });
    httpStatus = response.status;
    const text = await readText(response.body, call.answerMax);
    if (text === undefined) return { kind: "silence", phase: "sent", fault: "answer too long", httpStatus };
    return understand(httpStatus, text);
  } catch (error) {
    const phase = httpStatus === undefined && neverSent(error) ? "not_sent" : "sent";
    return { kind: "silence", phase, fault: networkFaultOf(error), httpStatus };
  }
}

/**
 * Headers and body. The body goes out as a stream although it is short: `fetch` sends a request a second time, on a new
 * connection, when the answer is HTTP 421 and it still holds the body. A stream is spent after one use.
 * Source: https://fetch.spec.whatwg.org/#http-network-or-cache-fetch, the step on status 421; seen in Node 24.21.
 */
function payload(call: Call): { headers: Record<string, string>; body?: ReadableStream<Uint8Array> } {
  const headers: Record<string, string> = { ...call.headers, locale: "en-US" };
  if (call.method === "GET") return { headers };
  const bytes = new TextEncoder().encode(call.body);
  headers["Content-Type"] = "application/json";
  headers["Content-Length"] = `${bytes.byteLength}`;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  });
  return { headers, body };
}

/** The whole text of the answer; undefined when it is longer than `bytesMax`. Throws when it breaks off. */
async function readText(body: ReadableStream<Uint8Array> | null, bytesMax: number): Promise<string | undefined> {
  if (body === null) return "";
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const reader = body.getReader();
  let text = "";
  let bytes = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    bytes += part.value.byteLength;
    if (bytes > bytesMax) {
      await reader.cancel();
      return undefined;
    }
    text += decoder.decode(part.value, { stream: true });
  }
  return text + decoder.decode();
}

function understand(httpStatus: number, text: string): HttpResult {
  const fault = (words: string): HttpResult => ({ kind: "silence", phase: "sent", fault: words, httpStatus });
  if (text.trim() === "") return fault("empty answer");
  let json: unknown;
  try {
    json = parseExactly(text);
  } catch {
    return fault("not JSON");
  }
  const read = envelope.safeParse(json);
  if (!read.success) return fault("other shape");
  const { code, msg, requestTime, data } = read.data;
  return { kind: "answer", httpStatus, code, msg, requestTime, data };
}
