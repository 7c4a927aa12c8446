/** A confirmed card, carried out in the background: the money path first, the chat beside it, the verdict last. */
import type { Proposal } from "../margin/proposal.ts";
import { send, type Verdict } from "../margin/send.ts";
import type { Settled } from "../margin/settle.ts";
import type { AuditEvent } from "../margin/trail.ts";
import { cardPlace, closeCard } from "./cards.ts";
import type { Chat } from "./context.ts";
import { faultOf, post } from "./post.ts";
import type { Text } from "./words/english.ts";

async function tell(chat: Chat, proposal: Proposal, text: Text): Promise<void> {
  const card = await cardPlace(chat, proposal.adjustment.id);
  await post(chat, card ?? proposal.place, text, card === undefined ? {} : { replyTo: card.message });
}

/** The verdict of a step that was taken without a send: settled by hand, or at a start. */
export async function tellSettled(chat: Chat, settled: Settled): Promise<void> {
  await tell(chat, settled.proposal, chat.words.settled(settled));
}

function logged(chat: Chat, verdict: Verdict): Verdict {
  const { adjustment } = verdict.proposal;
  chat.log("info", "verdict", { adjustment: adjustment.id, kind: verdict.kind, seq: verdict.event.seq });
  return verdict;
}

/** Sends what was confirmed, once, and tells the chat the verdict in reply to the card. */
export async function carryOut(chat: Chat, proposal: Proposal, confirmed: AuditEvent): Promise<void> {
  const closed = closeCard(chat, confirmed);
  try {
    const verdict = logged(chat, await send(chat.desk, proposal));
    await closed;
    await tell(chat, proposal, chat.words.verdict(verdict));
  } catch (error) {
    // The table could not be written. What stands in it is settled at the next start; nothing is repeated.
    chat.log("error", "deed_broken", { adjustment: proposal.adjustment.id, fault: faultOf(error) });
  }
}
