/** How much a bot may say: about one message a second in a chat, and twenty a minute in a group. */
import type { Answer } from "../state/bot-api-types.ts";
import { type Params, readText } from "../state/params.ts";

/** The limits that Telegram has for what a bot sends and edits, off at first so that a test is as quick as it can be. */
export interface Flood {
  /** Switches them on with every budget unused, or off. */
  floodLimits(on: boolean): void;
  /** Counts a call; says how long to wait where it is one too many, and does not count it then. */
  refuse(method: string, params: Params): Answer | undefined;
}

const COUNTED = new Set(["sendMessage", "sendDocument", "editMessageText", "editMessageReplyMarkup"]);

interface Window {
  readonly calls: number;
  readonly ms: number;
}

// https://core.telegram.org/bots/faq, "My bot is hitting limits": one message a second in a chat, where a short burst
// passes, and twenty a minute in a group. Edits count like messages, as is known from bots that edit much.
const CHAT: Window = { calls: 5, ms: 5_000 };
const GROUP: Window = { calls: 20, ms: 60_000 };

/** Limits that are switched off; `now` in ms. */
export function createFlood(now: () => number): Flood {
  const taken = new Map<string, number[]>();
  let isOn = false;
  return {
    floodLimits(on) {
      isOn = on;
      taken.clear();
    },
    refuse(method, params) {
      const chat = readText(params, "chat_id");
      if (!isOn || !COUNTED.has(method)) return undefined;
      const windows = /^[-@]/.test(chat) ? [CHAT, GROUP] : [CHAT];
      const before = (taken.get(chat) ?? []).filter((time) => time > now() - GROUP.ms);
      const waitMs = Math.max(...windows.map((window) => waitFor(window, before, now())));
      taken.set(chat, waitMs > 0 ? before : [...before, now()]);
      return waitMs > 0 ? tooMany(Math.ceil(waitMs / 1000)) : undefined;
    },
  };
}

/** How long until the window has room again; 0 or less: it has. */
function waitFor({ calls, ms }: Window, before: readonly number[], now: number): number {
  const blocking = before.at(-calls);
  return blocking === undefined ? 0 : blocking + ms - now;
}

function tooMany(seconds: number): Answer {
  return {
    ok: false,
    error_code: 429,
    description: `Too Many Requests: retry after ${seconds}`,
    parameters: { retry_after: seconds },
  };
}
