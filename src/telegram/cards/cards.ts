/** Cards: posted once, remembered by their message, and closed when their adjustment is over. */

import { type Context, InlineKeyboard } from "grammy";
import { type AmountExpression, plainAmount } from "../../margin/input/expression.ts";
import { type AdjustmentRequest, type Proposed, propose } from "../../margin/lifecycle/propose.ts";
import type { MarginAdjustment, Step } from "../../margin/model/adjustment.ts";
import type { PositionKey } from "../../margin/model/position.ts";
import { present } from "../../margin/model/present.ts";
import { adjustmentOf, type Proposal, proposalOf } from "../../margin/model/proposal.ts";
import { callbackData } from "../messaging/callback-data.ts";
import type { Chat } from "../messaging/context.ts";
import { edit, post } from "../messaging/messages.ts";
import { actorOf, locationOf } from "../messaging/update-origin.ts";
import { nextStep } from "./next-step.ts";

function keyboard({ words }: Chat, { proposal, nonce }: Proposed & { kind: "proposed" }): InlineKeyboard {
  const { id, direction } = proposal.adjustment;
  const press = callbackData.card.encode({ action: "confirm", adjustment: id, nonce });
  const buttons = new InlineKeyboard()
    .text(words.cardTitle(proposal), press)
    .style(direction === "add" ? "success" : "danger")
    .row();
  // An undo with another amount would be none.
  if (proposal.undoes === undefined)
    buttons.text(words.changeButton, callbackData.next.encode({ action: "change", adjustment: id }));
  return buttons.text(words.cancelButton, callbackData.card.encode({ action: "cancel", adjustment: id, nonce }));
}

/**
 * A new card for an adjustment that was stopped because the position had changed: the same amount at the figures of now, for the
 * same person to confirm or not. It says what has changed; how the amount once came about is no longer true.
 */
export async function offerAgain(
  chat: Chat,
  { adjustment, askedBy, location, undoes, seen: shown }: Proposal,
): Promise<void> {
  const { position, direction, amount } = adjustment;
  if (!chat.deps.exchange.serves(position)) return;
  // Whoever has asked for another card meanwhile wants that one.
  const open = await chat.deps.projections.openCards(askedBy.id);
  if (open.some(({ terms }) => terms.symbol === position.symbol && terms.holdSide === position.holdSide)) return;
  await offerAmount(chat, { position, direction, amount, shown, undoes, askedBy, location });
}

/**
 * Edits the card to where its adjustment stands, without buttons. One edit of a card after another: an earlier one that
 * Telegram takes late would bring back what is over.
 */
export function closeCard(chat: Chat, adjustment: string): Promise<void> {
  return chat.inTurn(`card:${adjustment}`, () => draw(chat, adjustment));
}

async function draw(chat: Chat, adjustment: string): Promise<void> {
  const location = chat.cards.locationOf(adjustment);
  const events = await chat.deps.events.of(adjustment);
  const [proposal, last] = [proposalOf(events[0]), events.at(-1)];
  if (location === undefined || proposal === undefined || last === undefined) return;
  const decided = events.find(({ step }) => step === "confirmed") ?? last;
  await edit(chat, location, chat.words.closedCard(proposal, last.step as Step, decided.actor));
}

/** Posts a new card. It may be over before Telegram says where it is: nobody could take its buttons away until then. */
async function show(chat: Chat, proposed: Proposed & { kind: "proposed" }): Promise<void> {
  const { location, adjustment } = proposed.proposal;
  const text = chat.words.card(proposed.proposal);
  const message = await post(chat, location, text, { keyboard: keyboard(chat, proposed), replyTo: location.message });
  if (message === undefined) return;
  await chat.cards.remember(adjustment.id, { ...location, message });
  const last = (await chat.deps.events.of(adjustment.id)).at(-1);
  if (last?.step !== "proposed") await closeCard(chat, adjustment.id);
}

/** What somebody asks for in this update, on this position. */
export function requestOf(
  ctx: Context,
  { account, productType, symbol, marginCoin, holdSide }: PositionKey,
  expression: AmountExpression,
): Pick<AdjustmentRequest, "position" | "expression" | "askedBy" | "location"> {
  const position = { account, productType, symbol, marginCoin, holdSide };
  return { position, expression, askedBy: actorOf(ctx), location: locationOf(ctx) };
}

/** Tells why there is no card, and what may be done next. */
async function sayRefused(
  chat: Chat,
  { location }: AdjustmentRequest,
  { refusal, event }: Proposed & { kind: "refused" },
) {
  const adjustment = adjustmentOf(event);
  const keyboard = adjustment && (await nextStep(chat, adjustment, refusal.code));
  await post(chat, location, chat.words.refusal(refusal), {
    replyTo: location.message,
    ...present({ keyboard }),
  });
}

/**
 * From a request to a card in the chat, or to the sentence why it was refused; what else may come of it is the caller's to
 * ask or say. Used by the conversation and by the one-line command alike. Whoever has cancelled meanwhile was answered:
 * they see neither.
 */
export async function offer(chat: Chat, request: AdjustmentRequest): Promise<Proposed> {
  const { deps, words } = chat;
  const proposed = await propose(deps, request, {
    card: (proposal) => words.card(proposal).text,
    refusal: (refusal) => words.refusal(refusal).text,
  });
  const isWanted = request.isCalledOff?.() !== true;
  if (proposed.kind === "refused" && isWanted) await sayRefused(chat, request, proposed);
  if (proposed.kind !== "proposed") return proposed;
  if (isWanted) await show(chat, proposed);
  for (const { adjustment } of proposed.cancelled) await closeCard(chat, adjustment);
  return proposed;
}

/**
 * The same for an amount as it stands, from a button or a command that repeats: there is nobody to ask further, so what
 * else comes of it is said.
 */
export async function offerAmount(
  chat: Chat,
  {
    direction,
    amount,
    ...request
  }: Omit<AdjustmentRequest, "expression"> & Pick<MarginAdjustment, "direction" | "amount">,
): Promise<void> {
  const proposed = await offer(chat, { ...request, expression: plainAmount(direction, amount) });
  if (proposed.kind !== "fault" || request.isCalledOff?.() === true) return;
  const { location, position } = request;
  await post(chat, location, chat.words.resolveFault(proposed, position.marginCoin), { replyTo: location.message });
}
