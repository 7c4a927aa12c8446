/** The command `/repeat`: the last done adjustment again, as a new card. */
import { adjustmentOf } from "../../margin/model/proposal.ts";
import { offerAmount } from "../cards/cards.ts";
import type { Chat, Outside } from "../messaging/context.ts";
import { post } from "../messaging/messages.ts";
import { actorOf, locationOf } from "../messaging/update-origin.ts";

/**
 * Proposes this person's last done adjustment on the account of now again: a new card, checked and confirmed like any other.
 */
export async function repeatCommand(chat: Chat, ctx: Outside): Promise<void> {
  const { deps, words } = chat;
  const [askedBy, location] = [actorOf(ctx), locationOf(ctx)];
  const { accounts } = deps.exchange;
  const [last] = await deps.projections.history(askedBy.id, { ended: "done", accounts, limit: 1 });
  const adjustment = adjustmentOf(last);
  if (adjustment === undefined)
    return void (await post(chat, location, words.nothingToRepeat(), { replyTo: location.message }));
  const { position, direction, amount } = adjustment;
  await offerAmount(chat, { position, direction, amount, askedBy, location, isCalledOff: ctx.turn.isCalledOff });
}
