/**
 * The guided conversation behind /margin: position, then amount. It only collects. Its last act hands the wish over to
 * `offer`, which shows the card, and it ends there: a conversation may run twice after a crash, a payment must not.
 */
import type { InlineKeyboard } from "grammy";
import type { Direction } from "../margin/adjustment.ts";
import type { Amount } from "../margin/decimal.ts";
import type { Position } from "../margin/position.ts";
import { readAmount, readLine } from "../margin/reading.ts";
import { AMOUNT_REFUSALS, type Refusal } from "../margin/refusal.ts";
import { namedPositions, readSymbol } from "../margin/symbols.ts";
import { readChoice } from "./callback-data.ts";
import { offer } from "./cards.ts";
import type { Chat, Dialogue, Inside } from "./context.ts";
import { type AmountQuestion, amountChoices, amountQuestion, positionChoices } from "./questions.ts";
import { actorOf, placeOf } from "./who.ts";
import type { Text } from "./words/english.ts";

/** Most answers that one question takes, and most cards that one dialogue tries for, before it gives up. */
const ANSWERS_MAX = 10;
const OFFERS_MAX = 5;
const DIALOGUE_ID_LENGTH = 8;

/** What the first line said already; plain data, as conversations store it. */
export interface Start {
  /** At least one. */
  readonly positions: readonly Position[];
  readonly amount?: string;
}

/** One running dialogue: its id is in its buttons, so that those of an older one are not taken for its own. */
interface Run {
  readonly chat: Chat;
  readonly conversation: Dialogue;
  readonly id: string;
}

interface Wish {
  readonly direction: Direction;
  readonly amount: Amount;
}

interface Answer {
  readonly ctx: Inside;
  /** Absent: it was typed. */
  readonly choice?: string;
}

/** What an answer to the amount question means. */
type Heard = Wish | { readonly fault: Text } | "cancel" | "turn";

async function ask(ctx: Inside, text: Text, keyboard: InlineKeyboard): Promise<number> {
  const typed = ctx.message?.message_id;
  const message = await ctx.reply(text.text, {
    entities: text.entities,
    // In a group the bot may read replies to itself only: buttons and reply box in one message.
    reply_markup: {
      inline_keyboard: keyboard.inline_keyboard,
      ...(ctx.chat?.type === "private" ? {} : { force_reply: true }),
    },
    ...(typed === undefined ? {} : { reply_parameters: { message_id: typed, allow_sending_without_reply: true } }),
  });
  return message.message_id;
}

async function say(ctx: Inside, text: Text): Promise<void> {
  await ctx.reply(text.text, { entities: text.entities });
}

/** Replaces a question by what was answered, without buttons. */
async function close(ctx: Inside, message: number, text: Text): Promise<void> {
  await ctx.api
    .editMessageText(ctx.chatId ?? 0, message, text.text, { entities: text.entities })
    .catch(() => undefined);
}

/** The next press of this dialogue's buttons, or the next text. Everything else is for other handlers. */
async function answered({ conversation, id }: Run): Promise<Answer> {
  const isMine = (ctx: Inside) =>
    readChoice(ctx.callbackQuery?.data, id) !== undefined || ctx.message?.text !== undefined;
  const ctx = await conversation.waitUntil(isMine, { next: true });
  const choice = readChoice(ctx.callbackQuery?.data, id);
  if (choice === undefined) return { ctx };
  await ctx.answerCallbackQuery().catch(() => undefined);
  return { ctx, choice };
}

type Picked = { readonly ctx: Inside; readonly position: Position } | undefined;

async function pickPosition(run: Run, ctx: Inside, positions: readonly Position[]): Promise<Picked> {
  const [only] = positions;
  if (only !== undefined && positions.length === 1) return { ctx, position: only };
  const { words } = run.chat;
  const message = await ask(ctx, words.askPosition(), positionChoices(words, run.id, positions));
  for (let answers = 1; answers <= ANSWERS_MAX; answers++) {
    const answer = await answered(run);
    const position = positionMeant(positions, answer);
    if (answer.choice === undefined && position === undefined) {
      await say(answer.ctx, words.pressPosition());
      continue;
    }
    await close(
      answer.ctx,
      message,
      position === undefined ? words.dialogueCancelled() : words.chosenPosition(position),
    );
    return position && { ctx: answer.ctx, position };
  }
  await close(ctx, message, words.tooManyTries());
  return undefined;
}

/** The position that was pressed, or the only one that was typed. */
function positionMeant(positions: readonly Position[], { ctx, choice }: Answer): Position | undefined {
  if (choice !== undefined) return positions[Number(/^p(\d+)$/.exec(choice)?.[1] ?? "-1")];
  const line = readLine(ctx.message?.text ?? "");
  const name = line.ok && line.symbol !== undefined ? readSymbol(line.symbol) : undefined;
  const [first, second] =
    name === undefined ? [] : namedPositions(positions, name, line.ok ? line.holdSide : undefined);
  return second === undefined ? first : undefined;
}

function readTyped({ chat }: Run, question: AmountQuestion, text: string): Heard {
  const { decimalsMax, direction, position } = question;
  const read = readAmount(text, { marginCoin: position.marginCoin, decimalsMax });
  if (!read.ok) return { fault: chat.words.amountFault(read.fault, position.marginCoin, decimalsMax) };
  return { direction: read.direction ?? direction, amount: read.amount };
}

function heard(run: Run, question: AmountQuestion, { ctx, choice }: Answer): Heard {
  if (choice === undefined) return readTyped(run, question, ctx.message?.text ?? "");
  if (choice === "turn") return "turn";
  const amount = question.presets[question.direction][Number(/^a(\d+)$/.exec(choice)?.[1] ?? "-1")];
  return amount === undefined ? "cancel" : { direction: question.direction, amount };
}

async function askAmount(
  run: Run,
  start: Inside,
  first: AmountQuestion,
): Promise<(Wish & { ctx: Inside }) | undefined> {
  const { words } = run.chat;
  let question = first;
  const show = (ctx: Inside) => ask(ctx, words.askAmount(question), amountChoices(words, run.id, question));
  let message = await show(start);
  for (let answers = 1; answers <= ANSWERS_MAX; answers++) {
    const answer = await answered(run);
    const { ctx } = answer;
    const meant = heard(run, question, answer);
    if (meant === "cancel") {
      await close(ctx, message, words.dialogueCancelled());
      return undefined;
    }
    if (meant === "turn") {
      question = { ...question, direction: question.direction === "add" ? "remove" : "add" };
      await close(ctx, message, words.chosenPosition(question.position));
      message = await show(ctx);
    } else if ("fault" in meant) {
      await say(ctx, meant.fault);
    } else {
      await close(ctx, message, words.chosenAmount(question.position, meant.direction, meant.amount));
      return { ctx, ...meant };
    }
  }
  await close(start, message, words.tooManyTries());
  return undefined;
}

/** Hands the wish over. Gives `again` where another amount may get a card. */
async function handOver({ chat, conversation }: Run, ctx: Inside, position: Position, wish: Wish): Promise<boolean> {
  const { account, productType, symbol, marginCoin, holdSide } = position;
  const key = { account, productType, symbol, marginCoin, holdSide };
  const [askedBy, place] = [actorOf(ctx), placeOf(ctx)];
  const refused = await conversation.external(async (): Promise<Refusal["code"] | ""> => {
    const proposed = await offer(chat, { position: key, ...wish, askedBy, place });
    return proposed.kind === "refused" ? proposed.refusal.code : "";
  });
  return refused !== "" && AMOUNT_REFUSALS.has(refused);
}

/** The conversation; `start` is what the command said already. */
export function marginConversation(chat: Chat) {
  return async (conversation: Dialogue, first: Inside, start: Start): Promise<void> => {
    const id = await conversation.external(() => chat.desk.mint.id().slice(0, DIALOGUE_ID_LENGTH));
    const run = { chat, conversation, id };
    const picked = await pickPosition(run, first, start.positions);
    if (picked === undefined) return;
    let { ctx } = picked;
    let given = start.amount;
    for (let offers = 1; offers <= OFFERS_MAX; offers++) {
      const question = await conversation.external(() => amountQuestion(chat.desk, picked.position));
      if ("refusal" in question) return say(ctx, chat.words.refusal(question.refusal));
      const typed = given === undefined ? undefined : readTyped(run, question, given);
      given = undefined;
      if (typeof typed === "object" && "fault" in typed) await say(ctx, typed.fault);
      const wish =
        typeof typed === "object" && "amount" in typed ? { ctx, ...typed } : await askAmount(run, ctx, question);
      if (wish === undefined) return;
      ctx = wish.ctx;
      const again = await handOver(run, ctx, picked.position, { direction: wish.direction, amount: wish.amount });
      if (!again) return;
    }
    await say(ctx, chat.words.tooManyTries());
  };
}
