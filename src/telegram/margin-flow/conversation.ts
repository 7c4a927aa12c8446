/**
 * The guided conversation behind /margin: position, then amount. It only collects. Its last act is `offer`, which shows the
 * card, and it ends there: a conversation may run twice after a crash, a payment must not.
 */
import type { Chat, Dialogue, Inside } from "../messaging/context.ts";
import { askAmount, settleOn } from "./amount-step.ts";
import { say } from "./dialogue.ts";
import { pickPosition, type Start } from "./position-step.ts";

/** Most cards that one dialogue tries for before it gives up. */
const OFFERS_MAX = 5;
const DIALOGUE_ID_LENGTH = 8;

/** The conversation; `start` is what the command said already. */
export function marginConversation(chat: Chat) {
  return async (conversation: Dialogue, first: Inside, start: Start): Promise<void> => {
    const id = await conversation.external(() => chat.deps.ids.id().slice(0, DIALOGUE_ID_LENGTH));
    const run = { chat, conversation, id };
    const picked = await pickPosition(run, first, start);
    if (picked === undefined) return;
    const { position, said, second } = picked;
    let { ctx, direction = "add" } = picked;
    for (let offers = 1; offers <= OFFERS_MAX; offers++) {
      // What was said along with the position needs no question, unless nothing comes of it.
      const settled =
        offers === 1 && said !== undefined
          ? await settleOn(run, ctx, { position, direction }, said, second)
          : await askAmount(run, ctx, { position, direction });
      if (settled.next === "over" || settled.next === "cancel") return;
      // Whoever wanted to remove and is refused goes on removing.
      ({ ctx, direction } = settled);
    }
    await say(ctx, chat.words.tooManyTries());
  };
}
