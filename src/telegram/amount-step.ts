/** The second step of the conversation: from what is pressed or typed to one amount on the position. */
import type { Direction } from "../margin/adjustment.ts";
import type { Amount } from "../margin/decimal.ts";
import { readWish } from "../margin/reading-line.ts";
import { type How, isAll } from "../margin/reading-resolve.ts";
import type { Said, Wish } from "../margin/reading-wish.ts";
import { resolveNow } from "../margin/wishes.ts";
import type { Inside } from "./context.ts";
import { ANSWERS_MAX, type Answer, answered, ask, close, type Run, say } from "./dialogue.ts";
import { type AmountQuestion, allChoices, amountChoices, meaningChoices } from "./questions.ts";
import type { Text } from "./words/english.ts";

/** Most turns that one text takes until it is an amount: readings, questions, answers to them. */
const ROUNDS_MAX = 8;

/** What a card is asked for, and how its amount came about. */
export interface Found {
  readonly ctx: Inside;
  readonly direction: Direction;
  readonly amount: Amount;
  readonly how?: How;
  readonly cutFrom?: Amount;
}

/** What an answer to the amount question means. */
type Heard =
  | Said
  | { readonly kind: "fault"; readonly text: Text }
  | { readonly kind: "cancel" }
  | { readonly kind: "turn" };

/** What was said in answer to a question, and the update that said it. */
interface Answered {
  readonly ctx: Inside;
  readonly said: Heard;
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

/** Asks which of two readings was meant. An amount that is typed instead is an answer, too. */
async function askMeaning(
  run: Run,
  ctx: Inside,
  question: AmountQuestion,
  choices: readonly [Wish, Wish],
): Promise<Answered> {
  const { words } = run.chat;
  const { marginCoin } = question.position;
  const message = await ask(ctx, words.askMeaning(), meaningChoices(words, run.id, choices, marginCoin));
  const answer = await answered(run);
  const wish = choices[Number(/^w([01])$/.exec(answer.choice ?? "")?.[1] ?? "-1")];
  const said = wish === undefined ? heard(run, question, answer) : ({ kind: "wish", wish } as const);
  await close(answer.ctx, message, wish === undefined ? notChosen(run, said) : words.chosenMeaning(wish, marginCoin));
  return { ctx: answer.ctx, said };
}

/** Asks once more before everything that can go is taken out. An amount that is typed instead is an answer, too. */
async function askAll(run: Run, question: AmountQuestion, found: Found): Promise<Found | Answered> {
  const { words } = run.chat;
  const { position } = question;
  const choices = allChoices(words, run.id, position, found.amount);
  const message = await ask(found.ctx, words.askAll(position, found.amount), choices);
  const answer = await answered(run);
  const { ctx } = answer;
  if (answer.choice === "all") {
    await close(ctx, message, words.chosenAmount(position, found));
    return { ...found, ctx };
  }
  const said = heard(run, question, answer);
  await close(ctx, message, notChosen(run, said));
  return { ctx, said };
}

/** What a question says that was answered by something else than its buttons. */
function notChosen({ chat: { words } }: Run, said: Heard): Text {
  return said.kind === "cancel" ? words.dialogueCancelled() : words.answeredOtherwise();
}

/** From what was said to an amount on this position: `again` when it comes to none, and the person was told why. */
async function settleOn(
  run: Run,
  start: Inside,
  question: AmountQuestion,
  first: Heard,
): Promise<Found | "again" | "cancel"> {
  const { desk, words } = run.chat;
  const { position, direction } = question;
  let [ctx, said] = [start, first];
  for (let rounds = 1; rounds <= ROUNDS_MAX; rounds++) {
    if (said.kind === "cancel" || said.kind === "turn") return "cancel";
    if (said.kind === "fault") return sayAgain(ctx, said.text);
    if (said.kind === "ask") {
      ({ ctx, said } = await askMeaning(run, ctx, question, said.choices));
      continue;
    }
    const { wish } = said;
    const resolved = await run.conversation.external(() => resolveNow(desk, position, wish, direction));
    if (resolved.kind === "refusal") return sayAgain(ctx, words.refusal(resolved.refusal));
    if (resolved.kind === "fault") return sayAgain(ctx, words.resolveFault(resolved.fault, position.marginCoin));
    if (resolved.kind === "ask") {
      said = resolved;
      continue;
    }
    const found = { ...resolved, ctx };
    const meant = isAll(found) ? await askAll(run, question, found) : found;
    if (!("said" in meant)) return meant;
    ({ ctx, said } = meant);
  }
  return "again";
}

async function sayAgain(ctx: Inside, text: Text): Promise<"again"> {
  await say(ctx, text);
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
    const said = heard(run, question, answer);
    if (said.kind === "turn") {
      question = turned(question);
      await close(ctx, message, words.chosenPosition(question.position));
      message = await show(ctx);
      continue;
    }
    const found = await settleOn(run, ctx, question, said);
    if (found === "again") continue;
    const told = found === "cancel" ? words.dialogueCancelled() : words.chosenAmount(question.position, found);
    await close(ctx, message, told);
    return found === "cancel" ? undefined : found;
  }
  await close(start, message, words.tooManyTries());
  return undefined;
}

function turned(question: AmountQuestion): AmountQuestion {
  return { ...question, direction: question.direction === "add" ? "remove" : "add" };
}

/** The amount: as the first line said it, or asked for. Undefined when the person cancelled or gave up. */
export async function amountFor(
  run: Run,
  ctx: Inside,
  question: AmountQuestion,
  said: Said | undefined,
): Promise<Found | undefined> {
  const found = said === undefined ? "again" : await settleOn(run, ctx, question, said);
  if (found === "again") return askAmount(run, ctx, question);
  return found === "cancel" ? undefined : found;
}
