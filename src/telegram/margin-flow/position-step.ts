/** The first step of the conversation: which position. */

import type { AmountExpression, ParsedAmount } from "../../margin/input/expression.ts";
import { readLine } from "../../margin/input/parse.ts";
import { namedPositions } from "../../margin/input/position-match.ts";
import type { SecondStep } from "../../margin/lifecycle/propose.ts";
import type { Direction } from "../../margin/model/adjustment.ts";
import type { Position, Unread } from "../../margin/model/position.ts";
import { present } from "../../margin/model/present.ts";
import type { Refusal } from "../../margin/model/refusal.ts";
import type { Inside } from "../messaging/context.ts";
import { ANSWERS_MAX, ask, awaitAnswer, close, closeUnanswered, type Run, say } from "./dialogue.ts";
import { positionChoices } from "./questions.ts";

/** Why positions are offered that the line did not name; `isNear`: their name is a slip of the thumb away. */
interface Instead {
  readonly refusal: Refusal;
  readonly isNear: boolean;
}

/** What was said of the amount along with a position, or before it. */
interface AlongWith {
  /** An expression, or one that has two readings. */
  readonly said?: ParsedAmount;
  /** Where `said` would take out all that can go: what that comes to. It is asked about before anything else. */
  readonly second?: SecondStep;
  /** A verb without an amount: what to ask for. */
  readonly direction?: Direction;
}

/** What the first line said already; plain data, as conversations store it. */
export interface Start extends AlongWith {
  /** At least one. */
  readonly positions: readonly Position[];
  /** What may be meant as well, and could not be read. */
  readonly unread?: readonly Unread[];
  /** Why none of them is what the line named, and whether they are likely meant. */
  readonly instead?: Instead;
}

interface Meant extends AlongWith {
  readonly position?: Position;
}

type Picked = AlongWith & { readonly ctx: Inside; readonly position: Position };

/** Whether an expression goes the way that was said later, by itself or because it says none. */
function goes(expression: AmountExpression, direction: Direction): boolean {
  const own = "direction" in expression ? expression.direction : undefined;
  const isOpen = expression.kind === "amount" || expression.kind === "share" || expression.kind === "max";
  return own === undefined ? isOpen : own === direction;
}

function expressionsOf({ said }: AlongWith): readonly AmountExpression[] {
  return said?.kind === "ask" ? said.choices : said === undefined ? [] : [said.expression];
}

/** The direction that an earlier amount was said with: it holds for a later amount that says none. */
function directionOf(expressions: readonly AmountExpression[]): Direction | undefined {
  const [first, ...others] = expressions.map((one) => ("direction" in one ? one.direction : undefined));
  return others.every((other) => other === first) ? first : undefined;
}

/** What was said in all. A later direction wins: an amount from before that may go another way is asked for anew. */
function together(earlier: AlongWith, later: AlongWith): AlongWith {
  const turned = later.direction;
  const expressions = expressionsOf(earlier);
  const direction = turned ?? earlier.direction ?? directionOf(expressions);
  const isKept = turned === undefined || expressions.every((expression) => goes(expression, turned));
  const said = later.said ?? (isKept ? earlier.said : undefined);
  return present({ said, direction });
}

/**
 * The position, asked for where there is a choice, and what was said of the amount until then. With `instead` the line
 * named none of these: then even a single one is asked about. Undefined when the person cancelled or could not be
 * understood.
 */
export async function pickPosition(run: Run, ctx: Inside, start: Start): Promise<Picked | undefined> {
  const { positions, instead, unread = [], ...first } = start;
  const [only] = positions;
  const isSure = instead === undefined && unread.length === 0;
  if (only !== undefined && positions.length === 1 && isSure) return { ...first, ctx, position: only };
  const { words } = run.chat;
  const question =
    instead === undefined ? words.askPosition(unread) : words.askInstead(instead.refusal, instead.isNear);
  const message = await ask(ctx, question, positionChoices(words, run.id, positions));
  let kept: AlongWith = first;
  for (let answers = 1; answers <= ANSWERS_MAX; answers++) {
    const { ctx: here, choice } = await awaitAnswer(run, message);
    const meant = choice === undefined ? typedOne(positions, here) : { position: pressedOne(positions, choice) };
    const { position, ...along } = meant;
    // An amount that is typed too early is not lost.
    kept = together(kept, along);
    if (position === undefined && choice === undefined) {
      await say(here, words.pressPosition());
      continue;
    }
    await close(here, message, position === undefined ? words.dialogueCancelled() : words.chosenPosition(position));
    return position && { ...kept, position, ctx: here };
  }
  await closeUnanswered(run, ctx, message);
  return undefined;
}

function pressedOne(positions: readonly Position[], choice: string): Position | undefined {
  return positions[Number(/^p(\d+)$/.exec(choice)?.[1] ?? "-1")];
}

/** What was typed: the position is there where it names just one. */
function typedOne(positions: readonly Position[], ctx: Inside): Meant {
  const line = readLine(ctx.message?.text ?? "");
  if (line.kind === "fault") return {};
  const { symbol, holdSide, said, direction } = line;
  const along = present({ said, direction });
  if (symbol === undefined && holdSide === undefined) return along;
  const [position, second] = namedPositions(positions, symbol, holdSide);
  // A name that names none of these: nobody can say what the amount beside it was meant for.
  if (position === undefined) return {};
  return second === undefined ? { ...along, position } : along;
}
