/** Which chats Telegram has told the bot to leave alone (429, `retry_after`), and for how long: kept whatever its length. */
import type { Log } from "../../margin/ports/log.ts";

const SECOND_MS = 1000;
/** Most chats that are remembered; of more, the one whose wait ends first is forgotten. */
const CHATS_MAX = 1000;

/** A chat that has to be left alone, and for how many seconds more. */
interface Throttled {
  readonly chat: string;
  readonly seconds: number;
}

/** Who has to be left alone. A key is the id of a chat, or the name of a method whose calls name no chat. */
export interface Throttle {
  /** How long nothing may be sent there, in ms; 0: it may. */
  leftMs(key: string): number;
  /** Telegram asks for so many seconds, from now on. */
  note(key: string, seconds: number): void;
  /** All that have to be left alone now. */
  throttled(): readonly Throttled[];
}

/** Nobody has to be left alone at first. `now` gives ms of a clock that is never set. */
export function createThrottle(now: () => number, log: Log): Throttle {
  const ends = new Map<string, number>();

  function forget(): void {
    for (const [key, end] of ends) if (end <= now()) ends.delete(key);
    if (ends.size <= CHATS_MAX) return;
    const [first] = [...ends].sort(([, a], [, b]) => a - b);
    if (first !== undefined) ends.delete(first[0]);
  }

  const leftMs = (key: string) => Math.max(0, (ends.get(key) ?? 0) - now());

  return {
    leftMs,
    note(key, seconds) {
      log("warn", "telegram_throttled", { chat: key, seconds });
      ends.set(key, Math.max(ends.get(key) ?? 0, now() + seconds * SECOND_MS));
      forget();
    },
    throttled() {
      forget();
      return [...ends.keys()].map((chat) => ({ chat, seconds: Math.ceil(leftMs(chat) / SECOND_MS) }));
    },
  };
}
