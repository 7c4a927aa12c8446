/** How a conversation asks and listens: questions with buttons, answers pressed or typed, answered questions closed. */

import type { InlineKeyboard } from "grammy";
import { present } from "../../margin/model/present.ts";
import { readChoice } from "../messaging/callback-data.ts";
import type { Chat, Dialogue, Inside } from "../messaging/context.ts";
import { type Dress, dressed } from "../messaging/dress.ts";
import type { Text } from "../words/english.ts";

/** Most answers that one question takes before the dialogue gives up. */
export const ANSWERS_MAX = 10;

/** One running dialogue: its id is in its buttons, so that those of an older one are not taken for its own. */
export interface Run {
  readonly chat: Chat;
  readonly conversation: Dialogue;
  readonly id: string;
}

/** What somebody answered to a question: pressed or typed. */
export interface PersonAnswer {
  readonly ctx: Inside;
  /** Absent: it was typed. */
  readonly choice?: string;
}

/**
 * Does what touches the world, and may take its time. Where the person has cancelled meanwhile, the dialogue ends here
 * without another word: `/cancel` was answered.
 */
export async function outside<T>({ conversation }: Run, work: (isCalledOff: () => boolean) => Promise<T>): Promise<T> {
  const { value, isOver } = await conversation.external(async ({ turn }) => {
    const value = await work(turn.isCalledOff);
    return { value, isOver: turn.isCalledOff() };
  });
  if (isOver) await conversation.halt();
  return value;
}

/** Of a text that replies to nothing and has no buttons. */
const dressOf = ({ entities }: Text): Dress => ({ entities: entities.length > 0, keyboard: false, reply: false });

/** Asks, and gives the message that asks. */
export async function ask(ctx: Inside, text: Text, keyboard: InlineKeyboard): Promise<number> {
  const typed = ctx.message?.message_id;
  // In a group the bot may read replies to itself only: buttons and reply box in one message.
  const markup = {
    inline_keyboard: keyboard.inline_keyboard,
    ...(ctx.chat?.type === "private" ? {} : { force_reply: true as const }),
  };
  const reply = typed === undefined ? undefined : { message_id: typed, allow_sending_without_reply: true };
  const dress = { entities: text.entities.length > 0, keyboard: true, reply: reply !== undefined };
  const message = await dressed(dress, (worn) =>
    ctx.reply(text.text, {
      entities: worn.entities ? text.entities : [],
      ...present({
        reply_markup: worn.keyboard ? markup : undefined,
        reply_parameters: worn.reply ? reply : undefined,
      }),
    }),
  );
  return message.message_id;
}

/** Says something in the chat of the conversation. */
export async function say(ctx: Inside, text: Text): Promise<void> {
  await dressed(dressOf(text), ({ entities }) => ctx.reply(text.text, { entities: entities ? text.entities : [] }));
}

/** Replaces a question by what was answered, without buttons. */
export async function close(ctx: Inside, message: number, text: Text): Promise<void> {
  const [chat, body] = [ctx.chatId ?? 0, text.text];
  await dressed(dressOf(text), ({ entities }) =>
    ctx.api.editMessageText(chat, message, body, { entities: entities ? text.entities : [] }),
  ).catch(() => undefined);
}

/**
 * The next press of a button of the message that asks, or the next text. Everything else is for other handlers: a press
 * of an older question, too, as its buttons meant something else.
 */
export async function awaitAnswer({ conversation, id }: Run, question: number): Promise<PersonAnswer> {
  const pressed = ({ callbackQuery }: Inside) =>
    callbackQuery?.message?.message_id === question ? readChoice(callbackQuery.data, id) : undefined;
  const isMine = (ctx: Inside) => pressed(ctx) !== undefined || ctx.message?.text !== undefined;
  const ctx = await conversation.waitUntil(isMine, { next: true });
  const choice = pressed(ctx);
  if (choice === undefined) return { ctx };
  await ctx.answerCallbackQuery().catch(() => undefined);
  return { ctx, choice };
}

/** Ends a question that nobody could be understood on, where it stands and below what was said last. */
export async function closeUnanswered({ chat: { words } }: Run, ctx: Inside, message: number): Promise<void> {
  await close(ctx, message, words.tooManyTries());
  await say(ctx, words.tooManyTries());
}
