/**
 * How the bot calls Telegram: waits as long as Telegram asks after a 429, and lets no URL (it holds the token) into an
 * error. It is given to the client itself, as API transformers do not reach inside conversations.
 */
import { setTimeout as pause } from "node:timers/promises";

/** Most waits for one call, and the longest single wait, in ms: a card is worthless after that. */
const WAITS_MAX = 2;
const WAIT_MS_MAX = 30_000;

interface Flood {
  readonly parameters?: { readonly retry_after?: number };
}

async function askedWait(response: Response): Promise<number | undefined> {
  if (response.status !== 429) return undefined;
  const flood = (await response
    .clone()
    .json()
    .catch(() => ({}))) as Flood;
  const seconds = flood.parameters?.retry_after;
  return seconds === undefined || seconds * 1000 > WAIT_MS_MAX ? undefined : seconds * 1000;
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

/**
 * `fetch` for calls of the Bot API: waits where Telegram asks for it, at most twice. Rejects with an error that holds
 * no URL.
 */
export async function telegramFetch(url: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const signal = nativeSignal(init.signal);
  for (let waits = 0; ; waits++) {
    let response: Response;
    try {
      response = await fetch(url, { ...init, signal });
    } catch (error) {
      throw new Error(`Telegram could not be reached (${causeOf(error)})`);
    }
    const wait = waits < WAITS_MAX ? await askedWait(response) : undefined;
    if (wait === undefined || signal.aborted) return response;
    // Called off meanwhile: the next fetch ends at once, as its signal is spent.
    await pause(wait, undefined, { signal }).catch(() => undefined);
  }
}
