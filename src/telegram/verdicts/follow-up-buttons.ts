/**
 * Presses of what a verdict offers. None of them moves money: they lead to a new card of the person who asked for the
 * first one, and that card is checked and confirmed like any other.
 */
import { Composer } from "grammy";
import type { MarginAdjustment } from "../../margin/model/adjustment.ts";
import type { AuditEvent } from "../../margin/model/audit-event.ts";
import { adjustmentOf, reverse } from "../../margin/model/proposal.ts";
import { undoesOf, undoStateOf } from "../../margin/rules/undo.ts";
import { offerAmount } from "../cards/cards.ts";
import { callbackData, type NextPress } from "../messaging/callback-data.ts";
import type { Chat, Outside } from "../messaging/context.ts";
import { answer } from "../messaging/messages.ts";
import { actorOf, locationOf } from "../messaging/update-origin.ts";
import { showPosition, startAt } from "../views/positions.ts";

/** What a press leads on from, or the toast that says why it leads nowhere. */
type Judged = { readonly first: AuditEvent; readonly adjustment: MarginAdjustment } | { readonly toast: string };

async function judged({ deps, words }: Chat, ctx: Outside, { action, adjustment: id }: NextPress): Promise<Judged> {
  const { toast } = words;
  const [askedBy, location] = [actorOf(ctx), locationOf(ctx)];
  const [first] = await deps.events.of(id);
  const adjustment = adjustmentOf(first);
  if (first === undefined || adjustment === undefined) return { toast: toast.noCard };
  if (first.location.chat !== location.chat || first.location.topic !== location.topic) return { toast: toast.noCard };
  if (first.actor.id !== askedBy.id) return { toast: toast.notYours(first.actor) };
  if (!deps.exchange.serves(adjustment.position)) return { toast: toast.otherAccount };
  const undone = action === "undo" ? await undoStateOf(deps, adjustment) : "open";
  return undone === "open" ? { first, adjustment } : { toast: toast[undone] };
}

/**
 * In front of the conversation: a press that leads nowhere is answered, and ends no question; one that leads to another
 * card or question ends the open one.
 */
export function nextGate(chat: Chat): Composer<Outside> {
  const composer = new Composer<Outside>();
  composer.on("callback_query:data", async (ctx, next) => {
    const press = callbackData.next.decode(ctx.callbackQuery.data);
    if (press === undefined) return next();
    const found = await judged(chat, ctx, press);
    if ("toast" in found) return answer(ctx, found.toast);
    if (press.action !== "position") await ctx.conversation.exitAll();
    return next();
  });
  return composer;
}

async function handleNextPress(chat: Chat, ctx: Outside, press: NextPress): Promise<void> {
  const { action, adjustment: id, amount: other } = press;
  const found = await judged(chat, ctx, press);
  if ("toast" in found) return answer(ctx, found.toast);
  const { first, adjustment } = found;
  const asked = { askedBy: actorOf(ctx), location: locationOf(ctx), isCalledOff: ctx.turn.isCalledOff };
  await answer(ctx, "");
  const { position, direction, amount } = adjustment;
  switch (action) {
    case "position":
      return showPosition(chat, ctx, position);
    case "more":
    case "change":
      return startAt(chat, ctx, position, direction);
    case "undo":
      return offerAmount(chat, { position, direction: reverse(direction), amount, undoes: id, ...asked });
    case "use":
      return offerAmount(chat, { position, direction, amount: other ?? amount, undoes: undoesOf(first), ...asked });
  }
}

/** Behind the conversation, which it may enter; `nextGate` has ended an older one by then. */
export function nextPresses(chat: Chat): Composer<Outside> {
  const composer = new Composer<Outside>();
  composer.on("callback_query:data", async (ctx, next) => {
    const press = callbackData.next.decode(ctx.callbackQuery.data);
    return press === undefined ? next() : handleNextPress(chat, ctx, press);
  });
  return composer;
}
