/** What is said of the machine's clock, in English. */
import type { FormattedString } from "@grammyjs/parse-mode";
import { bold, lines } from "./parts.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
/** Up to here seconds are said. */
const SECONDS_MS_MAX = 120_000;

function span(ms: number): string {
  return ms <= SECONDS_MS_MAX ? `${Math.round(ms / SECOND_MS)} seconds` : `${Math.round(ms / MINUTE_MS)} minutes`;
}

/** What admins are told of a clock that is wrong, and right again. */
export const clockWords = {
  /** `aheadMs` below zero: behind. */
  clockOff: (aheadMs: number): FormattedString =>
    lines(
      bold(`The machine's clock is ${span(Math.abs(aheadMs))} ${aheadMs > 0 ? "ahead" : "behind"}.`),
      "I go by Bitget's time: cards, limits of time and the audit table are right all the same. Please set the clock, best by NTP.",
    ),
  clockRight: () => lines("The machine's clock is right again."),
};
