/** The second step of the conversation: from what is pressed or typed to a card, or to why there is none. */
import type { AmountExpression, ParsedAmount } from "../../margin/input/expression.ts";
import type { Proposed, SecondStep } from "../../margin/lifecycle/propose.ts";
import type { Direction, MarginAdjustment } from "../../margin/model/adjustment.ts";
import type { Position } from "../../margin/model/position.ts";
import { present } from "../../margin/model/present.ts";
import { adjustmentOf } from "../../margin/model/proposal.ts";
import { AMOUNT_REFUSALS } from "../../margin/model/refusal.ts";
import { coinFault, type Unresolved } from "../../margin/sizing/resolve-amount.ts";
import { offer, requestOf } from "../cards/cards.ts";
import type { Inside } from "../messaging/context.ts";
import type { Text } from "../words/english.ts";
import { type AmountSubject, directionAfter, type ParsedReply, parseReply } from "./amount-reply.ts";
import { ANSWERS_MAX, ask, awaitAnswer, close, closeUnanswered, outside, type Run, say } from "./dialogue.ts";
import { allChoices, amountChoices, amountQuestion, meaningChoices } from "./questions.ts";

/** Most turns that one text takes until it is an amount: readings, questions, answers to them. */
const ROUNDS_MAX = 8;

/** What came of what was said of an amount. */
export interface Settled {
  readonly ctx: Inside;
  /**
   * `over`: there is a card, or there will be none. `again`: the question stands. `anew`: it is shown once more, as a new
   * one. `refused`: another amount may get a card. `cancel`: its person wants none.
   */
  readonly next: "over" | "again" | "anew" | "refused" | "cancel";
  /** The direction of what is said next. */
  readonly direction: Direction;
  /** What was proposed, where that is known. */
  readonly proposed?: Proposable;
}

type Proposable = Pick<MarginAdjustment, "direction" | "amount">;

/** What was said in answer to a question, and the update that said it. */
interface Answered {
  readonly ctx: Inside;
  readonly said: ParsedReply;
}

/** Asks which of two readings was meant. An amount that is typed instead is an answer, too. */
async function askMeaning(
  run: Run,
  ctx: Inside,
  subject: AmountSubject,
  said: ParsedAmount & { kind: "ask" },
): Promise<Answered> {
  const { words } = run.chat;
  const { choices } = said;
  const { marginCoin } = subject.position;
  const message = await ask(ctx, words.askMeaning(), meaningChoices(words, run.id, choices, marginCoin));
  const answer = await awaitAnswer(run, message);
  const expression = choices[Number(/^w([01])$/.exec(answer.choice ?? "")?.[1] ?? "-1")];
  const meant: ParsedReply =
    expression === undefined
      ? parseReply(run.chat.words, { ...subject, direction: directionAfter(said, subject.direction) }, answer)
      : { kind: "expression", expression };
  await close(
    answer.ctx,
    message,
    expression === undefined ? notChosen(run, meant) : words.chosenMeaning(expression, marginCoin),
  );
  return { ctx: answer.ctx, said: meant };
}

/** Asks once more before everything that can go is taken out. An amount that is typed instead is an answer, too. */
async function askAll(
  run: Run,
  start: Inside,
  subject: AmountSubject,
  { direction, amount }: SecondStep,
): Promise<Answered | { readonly ctx: Inside; readonly isAllMeant: true }> {
  const { words } = run.chat;
  const { position } = subject;
  const message = await ask(start, words.askAll(position, amount), allChoices(words, run.id, position, amount));
  const answer = await awaitAnswer(run, message);
  const { ctx } = answer;
  if (answer.choice === "all") {
    await close(ctx, message, words.chosenAmount(position, { direction, amount }));
    return { ctx, isAllMeant: true };
  }
  const said = parseReply(run.chat.words, { ...subject, direction }, answer);
  await close(ctx, message, notChosen(run, said));
  return { ctx, said };
}

/** What a question says that was answered by something else than its buttons. */
function notChosen({ chat: { words } }: Run, said: ParsedReply): Text {
  return said.kind === "cancel" ? words.dialogueCancelled() : words.answeredOtherwise();
}

/** What a proposal may come to in a conversation: plain data, as it is stored. */
type Offered =
  | { readonly kind: "over" | "again" | "refused"; readonly proposed?: Proposable }
  | (Proposed & { readonly kind: "asked" })
  | SecondStep
  | Unresolved;

function offeredOf(proposed: Proposed): Offered {
  if (proposed.kind === "proposed") return { kind: "over", proposed: proposableOf(proposed.proposal.adjustment) };
  if (proposed.kind !== "refused") return proposed;
  const { refusal, event } = proposed;
  const adjustment = adjustmentOf(event);
  // A share that came to no amount, as nothing could be read, may be said once more.
  if (adjustment === undefined) return { kind: refusal.code === "unreadable" ? "again" : "over" };
  const kind = AMOUNT_REFUSALS.has(refusal.code) ? "refused" : "over";
  return { kind, proposed: proposableOf(adjustment) };
}

function proposableOf({ direction, amount }: MarginAdjustment): Proposable {
  return { direction, amount };
}

/** Asks for the card. What is said in the chat about it is said by then. */
function offered(
  run: Run,
  ctx: Inside,
  { position, direction, shown }: AmountSubject,
  expression: AmountExpression,
  second: SecondStep | undefined,
): Promise<Offered> {
  const request = {
    ...requestOf(ctx, position, expression),
    bare: direction,
    ...present({ shown }),
    // Without a question about the amount, the second step is what showed the position.
    ...(second === undefined ? {} : { isAllMeant: true, shown: shown ?? second.seen }),
  };
  return outside(run, async (isCalledOff) => offeredOf(await offer(run.chat, { ...request, isCalledOff })));
}

/** What was said, as it is gone through: each turn of it leads to the next one, or ends it. */
interface Turn {
  readonly ctx: Inside;
  readonly said: ParsedReply;
  /** Where what was said would take out all that can go: what that comes to. Asked about, unless `isAllMeant`. */
  readonly second?: SecondStep | undefined;
  readonly isAllMeant?: true;
}

/** One turn: a question and its answer, or an offer. */
async function turn(
  run: Run,
  subject: AmountSubject,
  { ctx, said, second, isAllMeant }: Turn,
): Promise<Turn | Settled> {
  const { words } = run.chat;
  const { marginCoin } = subject.position;
  const direction = directionAfter(said, subject.direction);
  const again = async (text: Text): Promise<Settled> => {
    await say(ctx, text);
    return { ctx, next: "again", direction };
  };
  if (said.kind === "cancel") return { ctx, next: "cancel", direction };
  if (said.kind === "turn" || said.kind === "other") return { ctx, next: "anew", direction };
  if (said.kind === "fault") return again(said.text);
  const foreign = coinFault(said.kind === "ask" ? said.choices[0] : said.expression, marginCoin);
  if (foreign !== undefined) return again(words.resolveFault(foreign, marginCoin));
  if (said.kind === "ask") return askMeaning(run, ctx, subject, said);
  if (second !== undefined && isAllMeant === undefined) {
    const asked = await askAll(run, ctx, subject, second);
    return "said" in asked ? asked : { ...asked, said, second };
  }
  const came = await offered(run, ctx, subject, said.expression, second);
  if (came.kind === "fault") return again(words.resolveFault(came, marginCoin));
  if (came.kind === "asked") return { ctx, said: { kind: "ask", choices: came.choices } };
  if (came.kind === "needs_second_step") return { ctx, said, second: came };
  const { kind: next, proposed } = came;
  return proposed === undefined ? { ctx, next, direction } : { ctx, next, direction: proposed.direction, proposed };
}

/** From what was said to a card, or to what its person does next. `second`: they are asked once more, and first. */
export async function settleOn(
  run: Run,
  ctx: Inside,
  subject: AmountSubject,
  said: ParsedReply,
  second?: SecondStep,
): Promise<Settled> {
  let at: Turn = { ctx, said, second };
  for (let rounds = 1; rounds <= ROUNDS_MAX; rounds++) {
    const came = await turn(run, subject, at);
    if ("next" in came) return came;
    at = came;
  }
  await say(at.ctx, run.chat.words.tooManyTries());
  return { ctx: at.ctx, next: "again", direction: directionAfter(at.said, subject.direction) };
}

/** What a question says that is over. */
function closing({ chat: { words } }: Run, position: Position, { next, proposed }: Settled): Text {
  if (proposed !== undefined) return words.chosenAmount(position, proposed);
  return next === "cancel" ? words.dialogueCancelled() : words.chosenPosition(position);
}

/** Asks for the amount until something comes of it, with the position and the balance as they are now. */
export async function askAmount(run: Run, start: Inside, wanted: AmountSubject): Promise<Settled> {
  const { deps, words } = run.chat;
  const asked = await outside(run, () => amountQuestion(deps, wanted.position));
  let { direction } = wanted;
  let ctx = start;
  if ("refusal" in asked) {
    await say(ctx, words.refusal(asked.refusal));
    return { ctx, next: "over", direction };
  }
  const { position, presets } = asked;
  const show = () => {
    const question = { ...asked, direction };
    return ask(ctx, words.askAmount(question), amountChoices(words, run.id, question));
  };
  let message = await show();
  for (let answers = 1; answers <= ANSWERS_MAX; answers++) {
    const answer = await awaitAnswer(run, message);
    const subject = { position, direction, presets, shown: position };
    const found = await settleOn(run, answer.ctx, subject, parseReply(run.chat.words, subject, answer));
    ({ ctx } = found);
    // The question is shown anew where it has become another one, or lies too far above.
    const isAnew = found.next === "anew" || (found.next === "again" && found.direction !== direction);
    if (found.next === "again" && !isAnew) continue;
    await close(ctx, message, closing(run, position, found));
    if (!isAnew) return found;
    ({ direction } = found);
    message = await show();
  }
  await closeUnanswered(run, ctx, message);
  return { ctx, next: "over", direction };
}
