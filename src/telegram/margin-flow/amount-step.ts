/** The second step of the conversation: from what is pressed or typed to one amount on the position. */
import type { AmountExpression, Said } from "../../margin/input/expression.ts";
import { readExpression, readLine } from "../../margin/input/parse.ts";
import { namedPositions } from "../../margin/input/position-match.ts";
import type { Direction } from "../../margin/model/adjustment.ts";
import type { Basis, How } from "../../margin/model/amount-origin.ts";
import type { Amount } from "../../margin/model/decimal.ts";
import type { Position } from "../../margin/model/position.ts";
import { coinFault, isAll } from "../../margin/sizing/resolve-amount.ts";
import { resolveNow } from "../../margin/sizing/resolve-now.ts";
import type { Inside } from "../messaging/context.ts";
import type { Text } from "../words/english.ts";
import {
  ANSWERS_MAX,
  answered,
  ask,
  close,
  closeUnanswered,
  outside,
  type PersonAnswer,
  type Run,
  say,
} from "./dialogue.ts";
import { type AmountQuestion, allChoices, amountChoices, meaningChoices } from "./questions.ts";

/** Most turns that one text takes until it is an amount: readings, questions, answers to them. */
const ROUNDS_MAX = 8;

/** What a card is asked for, and how its amount came about. */
export interface SettledAmount {
  readonly ctx: Inside;
  readonly direction: Direction;
  readonly amount: Amount;
  readonly how?: How;
  readonly cutFrom?: Amount;
  readonly basis?: Basis;
}

/** What an answer to a question about the amount means. */
type Heard =
  | Said
  | { readonly kind: "fault"; readonly text: Text }
  | { readonly kind: "cancel" }
  /** Another amount, in the other direction or in the same. */
  | { readonly kind: "turn" }
  | { readonly kind: "other" };

/** What was said in answer to a question, and the update that said it. */
interface Answered {
  readonly ctx: Inside;
  readonly said: Heard;
}

function heard(run: Run, question: AmountQuestion, { ctx, choice }: PersonAnswer): Heard {
  const { words } = run.chat;
  const { direction, position } = question;
  if (choice === undefined) {
    const typed = ctx.message?.text ?? "";
    const read = readExpression(typed, { bare: direction });
    if (read.kind !== "fault") return read;
    return inLine(typed, position) ?? { kind: "fault", text: words.amountFault(read, position.marginCoin) };
  }
  if (choice === "turn" || choice === "other") return { kind: choice };
  const digits = question.presets[direction][Number(/^a(\d+)$/.exec(choice)?.[1] ?? "-1")];
  return digits === undefined
    ? { kind: "cancel" }
    : { kind: "wish", expression: { kind: "amount", direction, digits } };
}

/** An amount in a whole line, `btc 50`, that names the position which is asked about; undefined for any other text. */
function inLine(typed: string, position: Position): Said | undefined {
  const line = readLine(typed);
  if (line.kind === "fault" || (line.symbol === undefined && line.holdSide === undefined)) return undefined;
  return namedPositions([position], line.symbol, line.holdSide).length === 1 ? line.said : undefined;
}

/** The same question in the direction that was said: what is typed next goes that way, too. */
function directed(question: AmountQuestion, said: Heard | undefined): AmountQuestion {
  const expression = said?.kind === "wish" ? said.expression : said?.kind === "ask" ? said.choices[0] : undefined;
  const direction = expression !== undefined && "direction" in expression ? expression.direction : undefined;
  return direction === undefined ? question : { ...question, direction };
}

/** Asks which of two readings was meant. An amount that is typed instead is an answer, too. */
async function askMeaning(
  run: Run,
  ctx: Inside,
  question: AmountQuestion,
  said: Said & { kind: "ask" },
): Promise<Answered> {
  const { words } = run.chat;
  const { choices } = said;
  const { marginCoin } = question.position;
  const message = await ask(ctx, words.askMeaning(), meaningChoices(words, run.id, choices, marginCoin));
  const answer = await answered(run, message);
  const expression = choices[Number(/^w([01])$/.exec(answer.choice ?? "")?.[1] ?? "-1")];
  const meant =
    expression === undefined ? heard(run, directed(question, said), answer) : ({ kind: "wish", expression } as const);
  await close(
    answer.ctx,
    message,
    expression === undefined ? notChosen(run, meant) : words.chosenMeaning(expression, marginCoin),
  );
  return { ctx: answer.ctx, said: meant };
}

/** Asks once more before everything that can go is taken out. An amount that is typed instead is an answer, too. */
async function askAll(run: Run, question: AmountQuestion, found: SettledAmount): Promise<SettledAmount | Answered> {
  const { words } = run.chat;
  const { position } = question;
  const choices = allChoices(words, run.id, position, found.amount);
  const message = await ask(found.ctx, words.askAll(position, found.amount), choices);
  const answer = await answered(run, message);
  const { ctx } = answer;
  if (answer.choice === "all") {
    await close(ctx, message, words.chosenAmount(position, found));
    return { ...found, ctx };
  }
  const said = heard(run, { ...question, direction: found.direction }, answer);
  await close(ctx, message, notChosen(run, said));
  return { ctx, said };
}

/** What a question says that was answered by something else than its buttons. */
function notChosen({ chat: { words } }: Run, said: Heard): Text {
  return said.kind === "cancel" ? words.dialogueCancelled() : words.answeredOtherwise();
}

/** No amount came of it: the person was told why, or asked for another one. */
interface None {
  readonly ctx: Inside;
  readonly none: "again" | "other" | "cancel";
}

/** From what was said to an amount on this position. */
async function settleOn(
  run: Run,
  start: Inside,
  question: AmountQuestion,
  first: Heard,
): Promise<SettledAmount | None> {
  const { deps, words } = run.chat;
  const { position, direction } = question;
  let [ctx, said] = [start, first];
  const again = async (text: Text): Promise<None> => {
    await say(ctx, text);
    return { ctx, none: "again" };
  };
  for (let rounds = 1; rounds <= ROUNDS_MAX; rounds++) {
    if (said.kind === "cancel") return { ctx, none: "cancel" };
    if (said.kind === "turn" || said.kind === "other") return { ctx, none: "other" };
    if (said.kind === "fault") return again(said.text);
    const expression: AmountExpression = said.kind === "ask" ? said.choices[0] : said.expression;
    const foreign = coinFault(expression, position.marginCoin);
    if (foreign !== undefined) return again(words.resolveFault(foreign, position.marginCoin));
    if (said.kind === "ask") {
      ({ ctx, said } = await askMeaning(run, ctx, question, said));
      continue;
    }
    const resolved = await outside(run, () => resolveNow(deps, position, expression, direction));
    if (resolved.kind === "refusal") return again(words.refusal(resolved.refusal));
    if (resolved.kind === "fault") return again(words.resolveFault(resolved, position.marginCoin));
    if (resolved.kind === "ask") {
      said = resolved;
      continue;
    }
    const found = { ...resolved, ctx };
    const meant = isAll(found) ? await askAll(run, question, found) : found;
    if (!("said" in meant)) return meant;
    ({ ctx, said } = meant);
  }
  return again(words.tooManyTries());
}

/** Asks for the amount until there is one; undefined when the person cancelled or could not be understood. */
async function askAmount(run: Run, start: Inside, first: AmountQuestion): Promise<SettledAmount | undefined> {
  const { words } = run.chat;
  let [ctx, question] = [start, first];
  const show = () => ask(ctx, words.askAmount(question), amountChoices(words, run.id, question));
  let message = await show();
  for (let answers = 1; answers <= ANSWERS_MAX; answers++) {
    const answer = await answered(run, message);
    const said = heard(run, question, answer);
    const next = said.kind === "turn" ? turned(question) : directed(question, said);
    const found = await settleOn(run, answer.ctx, question, said);
    ({ ctx } = found);
    const none = "none" in found ? found.none : undefined;
    // The question is asked anew where it has become another one, or lies too far above.
    if (none === "other" || (none === "again" && next.direction !== question.direction)) {
      await close(ctx, message, words.chosenPosition(question.position));
      question = next;
      message = await show();
    }
    if (none === "cancel") await close(ctx, message, words.dialogueCancelled());
    if (none === "cancel") return undefined;
    if ("none" in found) continue;
    await close(ctx, message, words.chosenAmount(question.position, found));
    return found;
  }
  await closeUnanswered(run, ctx, message);
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
): Promise<SettledAmount | undefined> {
  if (said === undefined) return askAmount(run, ctx, question);
  const found = await settleOn(run, ctx, question, said);
  if (!("none" in found)) return found;
  return found.none === "cancel" ? undefined : askAmount(run, found.ctx, directed(question, said));
}
