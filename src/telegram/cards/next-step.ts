/** The button below a verdict that leads to the next card. */
import { InlineKeyboard } from "grammy";
import type { MarginAdjustment } from "../../margin/model/adjustment.ts";
import { compare } from "../../margin/model/decimal.ts";
import { mostOf } from "../../margin/sizing/largest-allowed.ts";
import { callbackData } from "../messaging/callback-data.ts";
import type { Chat } from "../messaging/context.ts";

/** How long a verdict waits for the figures of its next step, in ms: the verdict itself comes first. */
const NEXT_STEP_MS = 1500;

/** Our reasons and Bitget's that another amount may cure. */
const CURABLE: ReadonlySet<string> = new Set([
  "over_limit",
  "balance",
  "whole_margin",
  "remove_floor",
  "removing_too_much",
]);

/** Reasons that pass by themselves: the same adjustment may be proposed again as it is. */
const PASSING: ReadonlySet<string> = new Set([
  "unreadable",
  "overtaken",
  "waited",
  "table_busy",
  "closing",
  "restart",
  "not_sent",
  "not_applied",
]);

/** What comes in time; undefined for what does not. */
export function soon<T>(work: Promise<T>): Promise<T | undefined> {
  const late = new Promise<undefined>((resolve) => {
    setTimeout(() => resolve(undefined), NEXT_STEP_MS).unref();
  });
  return Promise.race([work, late]);
}

/** After a no: a button with the amount that would be allowed, or with the same one where the reason passes. */
export async function nextStep(
  { deps, words }: Chat,
  adjustment: MarginAdjustment,
  why: string,
): Promise<InlineKeyboard | undefined> {
  const { id, amount, position } = adjustment;
  if (PASSING.has(why)) {
    return new InlineKeyboard().text(
      words.againButton(amount, position.marginCoin),
      callbackData.next.encode({ action: "use", adjustment: id }),
    );
  }
  const most = CURABLE.has(why) ? await soon(mostOf(deps, adjustment)) : undefined;
  if (most === undefined || compare(most, amount) >= 0) return undefined;
  return new InlineKeyboard().text(
    words.useButton(most, position.marginCoin),
    callbackData.next.encode({ action: "use", adjustment: id, amount: most }),
  );
}
