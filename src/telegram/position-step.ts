/** The first step of the conversation: which position. */
import type { Direction } from "../margin/adjustment.ts";
import type { Position } from "../margin/position.ts";
import { readLine } from "../margin/reading-line.ts";
import type { Said } from "../margin/reading-wish.ts";
import type { Refusal } from "../margin/refusal.ts";
import { namedPositions } from "../margin/symbols.ts";
import type { Inside } from "./context.ts";
import { ANSWERS_MAX, answered, ask, close, giveUp, type Run, say } from "./dialogue.ts";
import { positionChoices } from "./questions.ts";

/** Why positions are offered that the line did not name; `isNear`: their name is a slip of the thumb away. */
export interface Instead {
  readonly refusal: Refusal;
  readonly isNear: boolean;
}

/** What was said of the amount along with a position, or before it. */
interface AlongWith {
  readonly said?: Said;
  /** A verb without an amount. */
  readonly direction?: Direction;
}

interface Meant extends AlongWith {
  readonly position?: Position;
}

type Picked = AlongWith & { readonly ctx: Inside; readonly position: Position };

/**
 * The position, asked for where there is a choice. With `instead` the line named none of these: then even a single one is
 * asked about. Undefined when the person cancelled or could not be understood.
 */
export async function pickPosition(
  run: Run,
  ctx: Inside,
  positions: readonly Position[],
  instead: Instead | undefined,
): Promise<Picked | undefined> {
  const [only] = positions;
  if (only !== undefined && positions.length === 1 && instead === undefined) return { ctx, position: only };
  const { words } = run.chat;
  const question = instead === undefined ? words.askPosition() : words.askInstead(instead.refusal, instead.isNear);
  const message = await ask(ctx, question, positionChoices(words, run.id, positions));
  let kept: AlongWith = {};
  for (let answers = 1; answers <= ANSWERS_MAX; answers++) {
    const { ctx: here, choice } = await answered(run, message);
    const meant = choice === undefined ? typedOne(positions, here) : { position: pressedOne(positions, choice) };
    const { position, ...along } = meant;
    if (position === undefined && choice === undefined) {
      // An amount that is typed too early is not lost.
      kept = { ...kept, ...along };
      await say(here, words.pressPosition());
      continue;
    }
    await close(here, message, position === undefined ? words.dialogueCancelled() : words.chosenPosition(position));
    return position && { ...kept, ...along, position, ctx: here };
  }
  await giveUp(run, ctx, message);
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
  const along = { ...(said === undefined ? {} : { said }), ...(direction === undefined ? {} : { direction }) };
  if (symbol === undefined && holdSide === undefined) return along;
  const [position, second] = namedPositions(positions, symbol, holdSide);
  return position === undefined || second !== undefined ? along : { ...along, position };
}
