/** The first step of the conversation: which position. */
import type { Position } from "../margin/position.ts";
import { readLine } from "../margin/reading-line.ts";
import type { Said } from "../margin/reading-wish.ts";
import type { Refusal } from "../margin/refusal.ts";
import { namedPositions } from "../margin/symbols.ts";
import type { Inside } from "./context.ts";
import { ANSWERS_MAX, answered, ask, close, type Run, say } from "./dialogue.ts";
import { positionChoices } from "./questions.ts";

/** A position, and what was typed about its amount along with it. */
interface Meant {
  readonly position: Position;
  readonly said?: Said;
}

/**
 * The position, asked for where there is a choice. With `instead` the line named none of these: then even a single one is
 * asked about. Undefined when the person cancelled or could not be understood.
 */
export async function pickPosition(
  run: Run,
  ctx: Inside,
  positions: readonly Position[],
  instead: Refusal | undefined,
): Promise<(Meant & { readonly ctx: Inside }) | undefined> {
  const [only] = positions;
  if (only !== undefined && positions.length === 1 && instead === undefined) return { ctx, position: only };
  const { words } = run.chat;
  const question = instead === undefined ? words.askPosition() : words.askInstead(instead);
  const message = await ask(ctx, question, positionChoices(words, run.id, positions));
  for (let answers = 1; answers <= ANSWERS_MAX; answers++) {
    const answer = await answered(run);
    const meant = answer.choice === undefined ? typedOne(positions, answer.ctx) : pressedOne(positions, answer.choice);
    if (answer.choice === undefined && meant === undefined) {
      await say(answer.ctx, words.pressPosition());
      continue;
    }
    const told = meant === undefined ? words.dialogueCancelled() : words.chosenPosition(meant.position);
    await close(answer.ctx, message, told);
    return meant && { ...meant, ctx: answer.ctx };
  }
  await close(ctx, message, words.tooManyTries());
  return undefined;
}

function pressedOne(positions: readonly Position[], choice: string): Meant | undefined {
  const position = positions[Number(/^p(\d+)$/.exec(choice)?.[1] ?? "-1")];
  return position && { position };
}

/** The only position that was typed. */
function typedOne(positions: readonly Position[], ctx: Inside): Meant | undefined {
  const line = readLine(ctx.message?.text ?? "");
  if (line.kind === "fault" || (line.symbol === undefined && line.holdSide === undefined)) return undefined;
  const [position, second] = namedPositions(positions, line.symbol, line.holdSide);
  if (position === undefined || second !== undefined) return undefined;
  return { position, ...(line.said === undefined ? {} : { said: line.said }) };
}
