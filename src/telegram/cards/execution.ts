/** A confirmed card, carried out in the background: the money path first, the chat beside it. */
import { setTimeout as pause } from "node:timers/promises";
import { giveUp } from "../../margin/lifecycle/abort.ts";
import { type LastEntry, send } from "../../margin/lifecycle/send.ts";
import type { AuditEvent } from "../../margin/model/audit-event.ts";
import { present } from "../../margin/model/present.ts";
import type { Proposal } from "../../margin/model/proposal.ts";
import type { HandlerChat } from "../messaging/context.ts";
import { faultOf } from "../messaging/errors.ts";
import { engageKillSwitch } from "../messaging/freeze.ts";
import { post } from "../messaging/messages.ts";
import { mayHear } from "../messaging/recipients.ts";
import { closeCard } from "./cards.ts";

/** How long people wait for their words while the first look is under way, in ms. */
const FIRST_LOOK_MS = 1000;

/** A wait that keeps no process alive. */
const UNREF = { ref: false };

/** How long what is said in the chat lets the money go first, in ms: no eye sees it, and the call leaves earlier. */
const MONEY_FIRST_MS = 25;

/** Resolves when the adjustment is done, or soon in any case. */
export function shortly(work: Promise<void> | undefined): Promise<void> {
  return work === undefined
    ? Promise.resolve()
    : Promise.race([work.catch(() => undefined), pause(MONEY_FIRST_MS, undefined, UNREF)]);
}

/** What is left to do once the last row is written: the verdict is told, and an unknown one is looked after. */
async function tell(chat: HandlerChat, last: AuditEvent): Promise<void> {
  // The first look comes before the words: what happens once people have read them can be told apart from our call.
  if (last.step === "unknown") await Promise.race([chat.settlement.nudge(), pause(FIRST_LOOK_MS, undefined, UNREF)]);
  chat.outbox.nudge();
}

/**
 * A last row that the table does not take: its person hears at once what it says, as it is known, and that it is not written
 * down. `known` is undefined where the call never left.
 */
function onHeld(chat: HandlerChat, proposal: Proposal, known: LastEntry | undefined, isBusy: boolean): void {
  const { words, cards } = chat;
  const { id } = proposal.adjustment;
  chat.log("error", "row_held", { adjustment: id, busy: isBusy, ...present({ step: known?.step, code: known?.code }) });
  if (!isBusy) chat.background(engageKillSwitch(chat, "write_failed"));
  const location = cards.locationOf(id) ?? proposal.location;
  if (!mayHear(chat, location)) return;
  const text = words.unwritten(proposal, known?.step, isBusy);
  chat.background(post(chat, location, text, { replyTo: location.message }).then(() => undefined));
}

/** The money is not touched here: what broke is written down as far as it is known, and nothing is repeated. */
async function breakOff(chat: HandlerChat, proposal: Proposal, error: unknown): Promise<void> {
  const adjustment = proposal.adjustment.id;
  chat.log("error", "deed_broken", { adjustment, fault: faultOf(error) });
  try {
    const last = await giveUp(chat.deps, proposal, (isBusy) => onHeld(chat, proposal, undefined, isBusy));
    if (last !== undefined) await tell(chat, last);
  } catch (next) {
    chat.log("error", "deed_left_open", { adjustment, fault: faultOf(next) });
  }
}

/** Sends what was confirmed, once. The verdict is told by the outbox, and an unknown one is looked after. */
export async function carryOut(chat: HandlerChat, proposal: Proposal): Promise<void> {
  try {
    const sending = send(chat.deps, proposal, (known, isBusy) => onHeld(chat, proposal, known, isBusy));
    chat.background(shortly(sending.then(() => undefined)).then(() => closeCard(chat, proposal.adjustment.id)));
    await tell(chat, await sending);
  } catch (error) {
    await breakOff(chat, proposal, error);
  }
}
