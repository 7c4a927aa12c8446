/**
 * Presses of what a verdict offers. None of them moves money: they lead to a new card of the person who asked for the
 * first one, and that card is checked and confirmed like any other.
 */
import { Composer } from "grammy";
import { adjustmentOf, reverse } from "../margin/after.ts";
import { undoesOf, undoing } from "../margin/undo.ts";
import { type NextPress, readNextData } from "./callback-data.ts";
import { offer } from "./cards.ts";
import type { Chat, Outside } from "./context.ts";
import { showPosition, startAt } from "./positions.ts";
import { answer } from "./presses.ts";
import { actorOf, placeOf } from "./who.ts";

async function pressed(chat: Chat, ctx: Outside, { action, adjustment: id, amount: other }: NextPress): Promise<void> {
  const { desk, words } = chat;
  const [askedBy, place] = [actorOf(ctx), placeOf(ctx)];
  const [first] = await desk.trail.events(id);
  const adjustment = adjustmentOf(first);
  if (first === undefined || adjustment === undefined) return answer(ctx, words.toast.noCard);
  if (first.place.chat !== place.chat || first.place.topic !== place.topic) return answer(ctx, words.toast.noCard);
  if (first.actor.id !== askedBy.id) return answer(ctx, words.toast.notYours(first.actor));
  if (!desk.exchange.accounts.includes(adjustment.position.account)) return answer(ctx, words.toast.otherAccount);
  const undone = action === "undo" ? await undoing(desk, adjustment) : "open";
  if (undone !== "open") return answer(ctx, words.toast[undone]);
  await answer(ctx, "");
  const { position, direction, amount } = adjustment;
  switch (action) {
    case "position":
      return showPosition(chat, ctx, position);
    case "more":
    case "change":
      return startAt(chat, ctx, position, direction);
    case "undo":
      return void (await offer(chat, { position, direction: reverse(direction), amount, undoes: id, askedBy, place }));
    case "use":
      return void (await offer(chat, {
        position,
        direction,
        amount: other ?? amount,
        undoes: undoesOf(first),
        askedBy,
        place,
      }));
  }
}

/** Behind the conversation, which it may enter; `commands` has ended an older one by then. */
export function nextPresses(chat: Chat): Composer<Outside> {
  const composer = new Composer<Outside>();
  composer.on("callback_query:data", async (ctx, next) => {
    const press = readNextData(ctx.callbackQuery.data);
    return press === undefined ? next() : pressed(chat, ctx, press);
  });
  return composer;
}
