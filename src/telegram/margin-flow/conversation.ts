/**
 * The guided conversation behind /margin: position, then amount. It only collects. Its last act hands the expression over to
 * `offer`, which shows the card, and it ends there: a conversation may run twice after a crash, a payment must not.
 */
import type { Position } from "../../margin/model/position.ts";
import { AMOUNT_REFUSALS, type Refusal } from "../../margin/model/refusal.ts";
import { offer, requestOf } from "../cards/cards.ts";
import type { Chat, Dialogue, Inside } from "../messaging/context.ts";
import { amountFor, type SettledAmount } from "./amount-step.ts";
import { outside, type Run, say } from "./dialogue.ts";
import { pickPosition, type Start } from "./position-step.ts";
import { amountQuestion } from "./questions.ts";

/** Most cards that one dialogue tries for before it gives up. */
const OFFERS_MAX = 5;
const DIALOGUE_ID_LENGTH = 8;

/** Hands the expression over. Gives `again` where another amount may get a card. */
async function handOver(run: Run, position: Position, found: SettledAmount): Promise<boolean> {
  const { chat } = run;
  const expression = requestOf(found.ctx, position, found);
  const refused = await outside(run, async (isCalledOff): Promise<Refusal["code"] | ""> => {
    const proposed = await offer(chat, { ...expression, isCalledOff });
    return proposed.kind === "refused" ? proposed.refusal.code : "";
  });
  return refused !== "" && AMOUNT_REFUSALS.has(refused);
}

/** The conversation; `start` is what the command said already. */
export function marginConversation(chat: Chat) {
  return async (conversation: Dialogue, first: Inside, start: Start): Promise<void> => {
    const id = await conversation.external(() => chat.deps.ids.id().slice(0, DIALOGUE_ID_LENGTH));
    const run = { chat, conversation, id };
    const picked = await pickPosition(run, first, start);
    if (picked === undefined) return;
    let { ctx, said, direction } = picked;
    for (let offers = 1; offers <= OFFERS_MAX; offers++) {
      const asked = await outside(run, () => amountQuestion(chat.deps, picked.position));
      if ("refusal" in asked) return say(ctx, chat.words.refusal(asked.refusal));
      const question = direction === undefined ? asked : { ...asked, direction };
      const found = await amountFor(run, ctx, question, said);
      if (found === undefined) return;
      // Whoever wanted to remove and is refused goes on removing.
      ({ ctx, direction } = found);
      said = undefined;
      if (!(await handOver(run, picked.position, found))) return;
    }
    await say(ctx, chat.words.tooManyTries());
  };
}
