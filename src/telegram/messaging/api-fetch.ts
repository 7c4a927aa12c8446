/**
 * How the bot calls Telegram: leaves a chat alone for as long as Telegram asks after a 429, and lets no URL (it holds the
 * token) into an error. It is given to the client itself, as API transformers do not reach inside conversations.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { Throttle } from "./throttle.ts";

/** Most waits for one call, and the longest single wait, in ms: a card is worthless after that. */
const WAITS_MAX = 2;
const WAIT_MS_MAX = 30_000;
/** Less than a second is never asked for: nobody calls again and again without a wait. */
const SECONDS_MIN = 1;
/** Telegram takes the answer to a press within 15 seconds: one that has to wait is worth nothing, and holds up its work. */
const NEVER_WAITS: ReadonlySet<string> = new Set(["answerCallbackQuery"]);

interface Flood {
  readonly parameters?: { readonly retry_after?: unknown };
}

/** The seconds that Telegram asks for; undefined where it asks for none. */
async function askedWait(response: Response): Promise<number | undefined> {
  if (response.status !== 429) return undefined;
  const flood = (await response
    .clone()
    .json()
    .catch(() => ({}))) as Flood;
  const seconds = flood.parameters?.retry_after;
  return typeof seconds === "number" ? Math.max(seconds, SECONDS_MIN) : undefined;
}

/** What Telegram would say again: it is not asked before its time. */
function tooEarly(leftMs: number): Response {
  const seconds = Math.ceil(leftMs / 1000);
  const description = `Too Many Requests: retry after ${seconds}`;
  return Response.json(
    { ok: false, error_code: 429, description, parameters: { retry_after: seconds } },
    { status: 429 },
  );
}

// The client brings an AbortSignal of a polyfill, which Node's own fetch refuses: its state is copied onto a native one.
function nativeSignal(foreign: AbortSignal | null | undefined): AbortSignal {
  const controller = new AbortController();
  if (foreign?.aborted) controller.abort();
  foreign?.addEventListener("abort", () => controller.abort(), { once: true });
  return controller.signal;
}

/** What kept a call from its answer, in one word. The message of the error would hold the URL. */
function causeOf(error: unknown): string {
  const { cause, name } = error as { cause?: { code?: string }; name?: string };
  return cause?.code ?? name ?? "failure";
}

/** The chat that a call is for; where it names none, the method. */
function keyOf(method: string, { body }: RequestInit): string {
  if (typeof body !== "string") return method;
  const { chat_id: chat } = JSON.parse(body) as { chat_id?: string | number };
  return chat === undefined ? method : String(chat);
}

/** The call itself. Rejects with an error that holds no URL. */
async function call(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    throw new Error(`Telegram could not be reached (${causeOf(error)})`);
  }
}

/** `fetch` for calls of the Bot API, as the client takes it. */
export type TelegramFetch = (url: string, init?: RequestInit) => Promise<Response>;

/**
 * A `fetch` that keeps to `throttle`, and tells it what Telegram asks for. `waits`: a call waits for a chat that is free
 * again soon, at most twice; else, and where it takes longer, it is answered 429 at once with the seconds that are left.
 */
export function createTelegramFetch(throttle: Throttle, { waits }: { readonly waits: boolean }): TelegramFetch {
  return async (url, init = {}) => {
    const signal = nativeSignal(init.signal);
    const method = url.slice(url.lastIndexOf("/") + 1);
    const key = keyOf(method, init);
    const waitsMax = waits && !NEVER_WAITS.has(method) ? WAITS_MAX : 0;
    for (let waited = 0; ; ) {
      const leftMs = throttle.leftMs(key);
      if (leftMs > 0 && (waited >= waitsMax || leftMs > WAIT_MS_MAX)) return tooEarly(leftMs);
      if (leftMs > 0) {
        waited += 1;
        // Called off meanwhile: the fetch ends at once, as its signal is spent.
        await pause(leftMs, undefined, { signal }).catch(() => undefined);
      }
      const response = await call(url, { ...init, signal });
      const seconds = await askedWait(response);
      if (seconds === undefined) return response;
      throttle.note(key, seconds);
    }
  };
}
