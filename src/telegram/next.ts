/** What a verdict adds to itself: how good the estimate was, what was fed so far, and the next steps as buttons. */
import { InlineKeyboard } from "grammy";
import type { MarginAdjustment } from "../margin/adjustment.ts";
import { checkEstimate, type EstimateCheck, fedSoFar, isUndoable, mostOf, neighboursOf } from "../margin/after.ts";
import { compare } from "../margin/decimal.ts";
import type { Proposal } from "../margin/proposal.ts";
import { undoing } from "../margin/undo.ts";
import type { After, Verdict } from "../margin/verdict.ts";
import { nextData } from "./callback-data.ts";
import type { Chat } from "./context.ts";
import { faultOf } from "./post.ts";

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

/** Reasons that pass by themselves: the same deed may be proposed again as it is. */
const PASSING: ReadonlySet<string> = new Set([
  "unreadable",
  "overtaken",
  "waited",
  "closing",
  "restart",
  "not_sent",
  "not_applied",
]);

export interface Aftermath {
  /** Lines that go before the verdict's anchor. */
  readonly more: readonly string[];
  readonly keyboard?: InlineKeyboard;
  readonly check?: EstimateCheck;
}

const NOTHING: Aftermath = { more: [] };

/** Never throws and never waits for long: a verdict goes out without it rather than late. */
export async function aftermathOf(chat: Chat, verdict: Verdict): Promise<Aftermath> {
  try {
    return await aftermath(chat, verdict);
  } catch (error) {
    chat.log("warn", "aftermath_failed", { fault: faultOf(error) });
    return NOTHING;
  }
}

async function aftermath(chat: Chat, verdict: Verdict): Promise<Aftermath> {
  // Told by a bot that looks after another account now: its buttons would lead nowhere.
  if (!chat.desk.exchange.serves(verdict.proposal.adjustment.position)) return NOTHING;
  switch (verdict.kind) {
    case "done":
      return afterDone(chat, verdict.proposal, verdict.after);
    case "settled":
      return verdict.applied
        ? afterDone(chat, verdict.proposal, verdict.after)
        : afterNo(chat, verdict.proposal.adjustment, "not_applied");
    case "refused":
      return afterNo(chat, verdict.proposal.adjustment, verdict.refusal.code);
    case "rejected":
      return afterNo(chat, verdict.proposal.adjustment, verdict.why);
    case "unknown":
      return NOTHING;
  }
}

async function afterDone(chat: Chat, proposal: Proposal, after: After): Promise<Aftermath> {
  const { desk, words } = chat;
  const { adjustment } = proposal;
  const { id, direction, amount, position } = adjustment;
  const keyboard = new InlineKeyboard();
  if (after === "gone") return NOTHING;
  if (after === undefined)
    return { more: [], keyboard: keyboard.text(words.positionNowButton, nextData("position", id)) };
  if (isUndoable(desk, adjustment, after) && (await undoing(desk, adjustment)) === "open") {
    keyboard.text(words.undoButton(amount, position.marginCoin), nextData("undo", id)).row();
  }
  keyboard
    .text(words.moreButton(direction), nextData("more", id))
    .text(words.positionNowButton, nextData("position", id));
  const check = checkEstimate(proposal, after);
  const [fed, neighbours] = await Promise.all([
    direction === "add" ? fedSoFar(desk, proposal, after) : undefined,
    soon(neighboursOf(desk, position)),
  ]);
  const more = [
    ...(check === undefined ? [] : [words.estimateLine(check, after)]),
    ...(fed === undefined ? [] : [words.fedLine(fed, position.marginCoin)]),
    ...(neighbours === undefined ? [] : [words.neighboursLine(neighbours, position.marginCoin)]),
  ];
  return { more, keyboard, ...(check === undefined ? {} : { check }) };
}

/** What comes in time; undefined for what does not. */
function soon<T>(work: Promise<T>): Promise<T | undefined> {
  const late = new Promise<undefined>((resolve) => {
    setTimeout(() => resolve(undefined), NEXT_STEP_MS).unref();
  });
  return Promise.race([work, late]);
}

async function afterNo(chat: Chat, adjustment: MarginAdjustment, why: string): Promise<Aftermath> {
  const keyboard = await nextStep(chat, adjustment, why);
  return keyboard === undefined ? NOTHING : { more: [], keyboard };
}

/** After a no: a button with the amount that would be allowed, or with the same one where the reason passes. */
export async function nextStep(
  { desk, words }: Chat,
  adjustment: MarginAdjustment,
  why: string,
): Promise<InlineKeyboard | undefined> {
  const { id, amount, position } = adjustment;
  if (PASSING.has(why)) {
    return new InlineKeyboard().text(words.againButton(amount, position.marginCoin), nextData("use", id));
  }
  const most = CURABLE.has(why) ? await soon(mostOf(desk, adjustment)) : undefined;
  if (most === undefined || compare(most, amount) >= 0) return undefined;
  return new InlineKeyboard().text(words.useButton(most, position.marginCoin), nextData("use", id, most));
}
