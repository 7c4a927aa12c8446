/** What a verdict adds to itself: how good the estimate was, what was fed so far, and the next steps as buttons. */

import { InlineKeyboard } from "grammy";
import type { MarginAdjustment } from "../../margin/model/adjustment.ts";
import { present } from "../../margin/model/present.ts";
import type { Proposal } from "../../margin/model/proposal.ts";
import {
  additionsSoFar,
  checkEstimate,
  type EstimateCheck,
  isUndoable,
  neighboursOf,
} from "../../margin/reports/follow-up.ts";
import type { After, Verdict } from "../../margin/reports/verdict.ts";
import { undoStateOf } from "../../margin/rules/undo.ts";
import { nextStep, soon } from "../cards/next-step.ts";
import { callbackData, type NextPress } from "../messaging/callback-data.ts";
import type { Chat } from "../messaging/context.ts";
import { faultOf } from "../messaging/errors.ts";

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
  if (!chat.deps.exchange.serves(verdict.proposal.adjustment.position)) return NOTHING;
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
      return verdict.why === undefined ? NOTHING : afterNo(chat, verdict.proposal.adjustment, verdict.why);
    case "unknown":
      return NOTHING;
  }
}

async function afterDone(chat: Chat, proposal: Proposal, after: After): Promise<Aftermath> {
  const { deps, words } = chat;
  const { adjustment } = proposal;
  const { id, direction, amount, position } = adjustment;
  const keyboard = new InlineKeyboard();
  const leadTo = (action: NextPress["action"]) => callbackData.next.encode({ action, adjustment: id });
  if (after === "gone") return NOTHING;
  if (after === undefined) return { more: [], keyboard: keyboard.text(words.positionNowButton, leadTo("position")) };
  if (isUndoable(deps, adjustment, after) && (await undoStateOf(deps, adjustment)) === "open") {
    keyboard.text(words.undoButton(amount, position.marginCoin), leadTo("undo")).row();
  }
  keyboard.text(words.moreButton(direction), leadTo("more")).text(words.positionNowButton, leadTo("position"));
  const check = checkEstimate(proposal, after);
  const [additions, neighbours] = await Promise.all([
    direction === "add" ? additionsSoFar(deps, proposal, after) : undefined,
    soon(neighboursOf(deps, position)),
  ]);
  const more = [
    ...(check === undefined ? [] : [words.estimateLine(check, after)]),
    ...(additions === undefined ? [] : [words.fedLine(additions, position.marginCoin)]),
    ...(neighbours === undefined ? [] : [words.neighboursLine(neighbours, position.marginCoin)]),
  ];
  return { more, keyboard, ...present({ check }) };
}

async function afterNo(chat: Chat, adjustment: MarginAdjustment, why: string): Promise<Aftermath> {
  const keyboard = await nextStep(chat, adjustment, why);
  return keyboard === undefined ? NOTHING : { more: [], keyboard };
}
