/** A confirmed card, carried out in the background: the money path first, the chat beside it. */
import type { Proposal } from "../margin/proposal.ts";
import { send } from "../margin/send.ts";
import { pullBrake } from "./brake.ts";
import { closeCard } from "./cards.ts";
import type { Chat } from "./context.ts";
import { faultOf } from "./post.ts";

/** How long people wait for their words while the first look is under way, in ms. */
const FIRST_LOOK_MS = 1000;

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms).unref());

/** How long what is said in the chat lets the money go first, in ms: no eye sees it, and the call leaves earlier. */
const MONEY_FIRST_MS = 25;

/** Resolves when the deed is done, or soon in any case. */
export function shortly(deed: Promise<void> | undefined): Promise<void> {
  return deed === undefined ? Promise.resolve() : Promise.race([deed.catch(() => undefined), pause(MONEY_FIRST_MS)]);
}

/** Sends what was confirmed, once. The verdict is told by the outbox, and an unknown one is looked after. */
export async function carryOut(chat: Chat, proposal: Proposal): Promise<void> {
  const adjustment = proposal.adjustment.id;
  try {
    const sending = send(chat.desk, proposal);
    chat.background(shortly(sending.then(() => undefined)).then(() => closeCard(chat, adjustment)));
    const last = await sending;
    // The first look comes before the words: what happens once people have read them can be told apart from our call.
    if (last.step === "unknown") await Promise.race([chat.nudgeSettler(), pause(FIRST_LOOK_MS)]);
    chat.nudgeOutbox();
  } catch (error) {
    // The table could not be written. What stands in it is settled at the next start; nothing is repeated.
    chat.log("error", "deed_broken", { adjustment, fault: faultOf(error) });
    await pullBrake(chat, "write_failed");
  }
}
