/** Presses of a card's buttons: ordinary handlers without a memory, installed before the conversations. */
import { Composer } from "grammy";
import { cancel, confirm, type Pressed } from "../../margin/lifecycle/confirm.ts";
import type { ChatLocation } from "../../margin/model/audit-event.ts";
import type { Chat, HandlerChat, Outside } from "../messaging/context.ts";
import { answer } from "../messaging/messages.ts";
import { actorOf, locationOf } from "../messaging/update-origin.ts";
import { closeCard } from "./cards.ts";
import { carryOut, shortly } from "./execution.ts";

function toast({ words }: Chat, pressed: Pressed, done: string): string {
  switch (pressed.kind) {
    case "won":
      return done;
    case "over":
      return words.toast.over(pressed.step, pressed.by);
    case "expired":
      return words.toast.expired;
    case "not_yours":
      return words.toast.notYours(pressed.asker);
    case "no_card":
      return words.toast.noCard;
    case "other_account":
      return words.toast.otherAccount;
    case "closing":
      return words.toast.closing;
    case "frozen":
      return words.toast.frozen;
  }
}

/** True when the press came from the very message that shows the card, as far as that message is known. */
function isFrom(card: ChatLocation | undefined, location: ChatLocation): boolean {
  return card === undefined || (card.chat === location.chat && card.message === location.message);
}

/** Handles presses of a card's buttons: carry out, cancel. */
export function presses(chat: HandlerChat): Composer<Outside> {
  const { deps, words } = chat;
  const composer = new Composer<Outside>();
  composer.on("callback_query:data", async (ctx, next) => {
    const { urgent: data } = ctx.turn;
    if (data?.kind !== "press") return next();
    const source = { press: ctx.callbackQuery.id, update: ctx.update.update_id };
    const press = {
      adjustment: data.adjustment,
      nonce: data.nonce,
      by: actorOf(ctx),
      location: locationOf(ctx),
      source,
    };
    const [act, done] = data.action === "confirm" ? [confirm, words.toast.confirmed] : [cancel, words.toast.cancelled];
    const card = chat.cards.locationOf(press.adjustment);
    const pressed: Pressed = isFrom(card, press.location) ? await act(deps, press) : { kind: "no_card" };
    const won = pressed.kind === "won" ? pressed : undefined;
    const work = won && (data.action === "confirm" ? carryOut(chat, won.proposal) : closeCard(chat, press.adjustment));
    if (work !== undefined) chat.background(work);
    // Telegram's answer to the card may have been lost: the press itself shows where it is.
    if (won !== undefined && card === undefined) chat.background(chat.cards.remember(press.adjustment, press.location));
    // Not awaited: a slow or failing Telegram must not hold up the money.
    chat.background(shortly(work).then(() => answer(ctx, toast(chat, pressed, done))));
    return undefined;
  });
  return composer;
}
