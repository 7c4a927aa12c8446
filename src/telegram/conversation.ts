/**
 * The guided conversation behind /margin: position, then amount. It only collects. Its last act hands the wish over to
 * `offer`, which shows the card, and it ends there: a conversation may run twice after a crash, a payment must not.
 */
import type { InlineKeyboard } from "grammy";
import type { Direction } from "../margin/adjustment.ts";
import type { Amount } from "../margin/decimal.ts";
import type { Position } from "../margin/position.ts";
import { readLine, readWish } from "../margin/reading-line.ts";
import type { How } from "../margin/reading-resolve.ts";
import type { Said, Wish } from "../margin/reading-wish.ts";
import { AMOUNT_REFUSALS, type Refusal } from "../margin/refusal.ts";
import { namedPositions, readSymbol } from "../margin/symbols.ts";
import { resolveNow } from "../margin/wishes.ts";
import { readChoice } from "./callback-data.ts";
import { offer } from "./cards.ts";
import type { Chat, Dialogue, Inside } from "./context.ts";
import { type AmountQuestion, amountChoices, amountQuestion, meaningChoices, positionChoices } from "./questions.ts";
import { actorOf, placeOf } from "./who.ts";
import type { Text } from "./words/english.ts";

/** Most answers that one question takes, and most cards that one dialogue tries for, before it gives up. */
const ANSWERS_MAX = 10;
const OFFERS_MAX = 5;
/** Most readings of one text that are asked about. */
const MEANINGS_MAX = 3;
const DIALOGUE_ID_LENGTH = 8;

/** What the first line said already; plain data, as conversations store it. */
export interface Start {
  /** At least one. */
  readonly positions: readonly Position[];
  /** What was said of the amount: a wish, or one that has two readings. */
  readonly said?: Said;
  /** A verb without an amount: what to ask for. */
  readonly direction?: Direction;
}

/** One running dialogue: its id is in its buttons, so that those of an older one are not taken for its own. */
interface Run {
  readonly chat: Chat;
  readonly conversation: Dialogue;
  readonly id: string;
}

/** What a card is asked for, and how its amount came about. */
interface Found {
  readonly ctx: Inside;
  readonly direction: Direction;
  readonly amount: Amount;
  readonly how?: How;
  readonly cutFrom?: Amount;
}

interface Answer {
  readonly ctx: Inside;
  /** Absent: it was typed. */
  readonly choice?: string;
}

/** What an answer to the amount question means. */
type Heard =
  | Said
  | { readonly kind: "fault"; readonly text: Text }
  | { readonly kind: "cancel" }
  | { readonly kind: "turn" };

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
  const name = line.kind === "line" && line.symbol !== undefined ? readSymbol(line.symbol) : undefined;
  const holdSide = line.kind === "line" ? line.holdSide : undefined;
  const [first, second] = name === undefined ? [] : namedPositions(positions, name, holdSide);
  return second === undefined ? first : undefined;
}

function heard(run: Run, question: AmountQuestion, { ctx, choice }: Answer): Heard {
  const { words } = run.chat;
  const { direction, position } = question;
  if (choice === undefined) {
    const read = readWish(ctx.message?.text ?? "", { bare: direction });
    return read.kind === "fault" ? { kind: "fault", text: words.amountFault(read, position.marginCoin) } : read;
  }
  if (choice === "turn") return { kind: "turn" };
  const digits = question.presets[direction][Number(/^a(\d+)$/.exec(choice)?.[1] ?? "-1")];
  return digits === undefined ? { kind: "cancel" } : { kind: "wish", wish: { kind: "amount", direction, digits } };
}

/** Asks which of two readings was meant; undefined when the person cancelled or went on to something else. */
async function askMeaning(
  run: Run,
  ctx: Inside,
  choices: readonly [Wish, Wish],
  coin: string,
): Promise<[Inside, Wish] | undefined> {
  const { words } = run.chat;
  const message = await ask(ctx, words.askMeaning(), meaningChoices(words, run.id, choices, coin));
  const answer = await answered(run);
  const wish = choices[Number(/^w([01])$/.exec(answer.choice ?? "")?.[1] ?? "-1")];
  await close(answer.ctx, message, wish === undefined ? words.dialogueCancelled() : words.chosenMeaning(wish, coin));
  return wish && [answer.ctx, wish];
}

/** From what was said to an amount on this position: `again` when it comes to none, and the person was told why. */
async function settleOn(
  run: Run,
  start: Inside,
  question: AmountQuestion,
  first: Said,
): Promise<Found | "again" | "cancel"> {
  const { desk, words } = run.chat;
  const { position, direction } = question;
  let [ctx, said] = [start, first];
  for (let rounds = 1; rounds <= MEANINGS_MAX; rounds++) {
    if (said.kind === "ask") {
      const meant = await askMeaning(run, ctx, said.choices, position.marginCoin);
      if (meant === undefined) return "cancel";
      ctx = meant[0];
      said = { kind: "wish", wish: meant[1] };
    }
    const { wish } = said;
    const resolved = await run.conversation.external(() => resolveNow(desk, position, wish, direction));
    if (resolved.kind === "resolved") return { ...resolved, ctx };
    if (resolved.kind !== "ask") {
      const { refusal, resolveFault } = words;
      await say(
        ctx,
        resolved.kind === "refusal" ? refusal(resolved.refusal) : resolveFault(resolved.fault, position.marginCoin),
      );
      return "again";
    }
    said = resolved;
  }
  return "again";
}

/** Asks for the amount until there is one; undefined when the person cancelled or could not be understood. */
async function askAmount(run: Run, start: Inside, first: AmountQuestion): Promise<Found | undefined> {
  const { words } = run.chat;
  let question = first;
  const show = (ctx: Inside) => ask(ctx, words.askAmount(question), amountChoices(words, run.id, question));
  let message = await show(start);
  for (let answers = 1; answers <= ANSWERS_MAX; answers++) {
    const answer = await answered(run);
    const { ctx } = answer;
    const meant = heard(run, question, answer);
    if (meant.kind === "fault") {
      await say(ctx, meant.text);
    } else if (meant.kind === "turn") {
      question = turned(question);
      await close(ctx, message, words.chosenPosition(question.position));
      message = await show(ctx);
    } else {
      const found = meant.kind === "cancel" ? "cancel" : await settleOn(run, ctx, question, meant);
      if (found === "again") continue;
      const told = found === "cancel" ? words.dialogueCancelled() : words.chosenAmount(question.position, found);
      await close(ctx, message, told);
      return found === "cancel" ? undefined : found;
    }
  }
  await close(start, message, words.tooManyTries());
  return undefined;
}

function turned(question: AmountQuestion): AmountQuestion {
  return { ...question, direction: question.direction === "add" ? "remove" : "add" };
}

/** Hands the wish over. Gives `again` where another amount may get a card. */
async function handOver({ chat, conversation }: Run, position: Position, found: Found): Promise<boolean> {
  const { account, productType, symbol, marginCoin, holdSide } = position;
  const { ctx, direction, amount, how, cutFrom } = found;
  const wish = {
    position: { account, productType, symbol, marginCoin, holdSide },
    direction,
    amount,
    ...(how === undefined ? {} : { how }),
    ...(cutFrom === undefined ? {} : { cutFrom }),
    askedBy: actorOf(ctx),
    place: placeOf(ctx),
  };
  const refused = await conversation.external(async (): Promise<Refusal["code"] | ""> => {
    const proposed = await offer(chat, wish);
    return proposed.kind === "refused" ? proposed.refusal.code : "";
  });
  return refused !== "" && AMOUNT_REFUSALS.has(refused);
}

/** The amount: as the first line said it, or asked for. */
async function amountFor(
  run: Run,
  ctx: Inside,
  question: AmountQuestion,
  said: Said | undefined,
): Promise<Found | undefined> {
  const found = said === undefined ? "again" : await settleOn(run, ctx, question, said);
  if (found === "again") return askAmount(run, ctx, question);
  return found === "cancel" ? undefined : found;
}

/** The conversation; `start` is what the command said already. */
export function marginConversation(chat: Chat) {
  return async (conversation: Dialogue, first: Inside, start: Start): Promise<void> => {
    const id = await conversation.external(() => chat.desk.mint.id().slice(0, DIALOGUE_ID_LENGTH));
    const run = { chat, conversation, id };
    const picked = await pickPosition(run, first, start.positions);
    if (picked === undefined) return;
    let { ctx } = picked;
    let { said } = start;
    for (let offers = 1; offers <= OFFERS_MAX; offers++) {
      const asked = await conversation.external(() => amountQuestion(chat.desk, picked.position));
      if ("refusal" in asked) return say(ctx, chat.words.refusal(asked.refusal));
      const question = start.direction === undefined ? asked : { ...asked, direction: start.direction };
      const found = await amountFor(run, ctx, question, said);
      if (found === undefined) return;
      ({ ctx } = found);
      said = undefined;
      if (!(await handOver(run, picked.position, found))) return;
    }
    await say(ctx, chat.words.tooManyTries());
  };
}
