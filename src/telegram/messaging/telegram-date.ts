/** Telegram as a witness of the time: each of its answers has a `Date`, in whole seconds. */
import type { Clock } from "../../margin/ports/clock.ts";
import type { TelegramFetch } from "./api-fetch.ts";

/** The header says the second that had begun. */
const COARSE_MS = 1000;

/** The same `fetch`, which tells the clock what time it is at Telegram. */
export function witnessed(fetch: TelegramFetch, clock: Clock): TelegramFetch {
  return async (url, init) => {
    const asked = clock.moment();
    const response = await fetch(url, init);
    const time = Date.parse(response.headers.get("date") ?? "");
    if (Number.isFinite(time)) clock.hear("telegram", { asked, heard: clock.moment(), time, coarseMs: COARSE_MS });
    return response;
  };
}
