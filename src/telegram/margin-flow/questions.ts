/** What the guided conversation asks, and the buttons it offers. Plain data, as conversations store it. */

import { InlineKeyboard } from "grammy";
import type { AmountExpression } from "../../margin/input/expression.ts";
import type { Direction } from "../../margin/model/adjustment.ts";
import type { Amount } from "../../margin/model/decimal.ts";
import type { Position } from "../../margin/model/position.ts";
import { present } from "../../margin/model/present.ts";
import type { Refusal } from "../../margin/model/refusal.ts";
import type { Deps } from "../../margin/ports/deps.ts";
import { readPosition } from "../../margin/reads/read-position.ts";
import { boundsOf } from "../../margin/sizing/bounds.ts";
import { presets } from "../../margin/sizing/presets.ts";
import { questionData } from "../messaging/callback-data.ts";
import type { Words } from "../words/english.ts";

/** Most positions that are offered as buttons; the riskiest come first. */
export const POSITIONS_MAX = 20;
const PRESETS_A_ROW = 2;

/** What is known when an amount is asked for. */
export interface AmountQuestion {
  readonly position: Position;
  /** Absent where it could not be read. */
  readonly free?: Amount;
  /** What can be removed, an estimate; absent where no bound can be had. */
  readonly removable?: Amount;
  readonly direction: Direction;
  readonly presets: Readonly<Record<Direction, readonly Amount[]>>;
}

/** The amount step for a position: read now, so that its buttons fit the margin and the free balance. */
export async function amountQuestion(deps: Deps, wanted: Position): Promise<AmountQuestion | { refusal: Refusal }> {
  const found = await readPosition(deps, wanted, true);
  if (!found.ok) return { refusal: found.refusal };
  const { position, seen } = found;
  const bounds = boundsOf(deps, found);
  const figures = { ...bounds, margin: seen.margin, free: bounds.addable };
  const choices = { add: presets("add", figures), remove: presets("remove", figures) };
  const { removable } = bounds;
  return {
    position,
    ...present({ free: seen.free, removable }),
    direction: "add",
    presets: choices,
  };
}

/** A row for each position, in the order given, and Cancel. `dialogue` ties the buttons to their own question. */
export function positionChoices(words: Words, dialogue: string, positions: readonly Position[]): InlineKeyboard {
  const keyboard = new InlineKeyboard();
  for (const [index, position] of positions.slice(0, POSITIONS_MAX).entries()) {
    keyboard.text(words.positionTap(position, positions), questionData(dialogue, `p${index}`)).row();
  }
  return keyboard.text(words.cancelButton, questionData(dialogue, "x"));
}

/**
 * Amounts that fit the position, the other direction, and Cancel. `dialogue` ties the buttons to their own question.
 */
export function amountChoices(words: Words, dialogue: string, question: AmountQuestion): InlineKeyboard {
  const { direction, position } = question;
  const keyboard = new InlineKeyboard();
  for (const [index, amount] of question.presets[direction].entries()) {
    keyboard.text(words.presetButton(direction, amount, position.marginCoin), questionData(dialogue, `a${index}`));
    if (index % PRESETS_A_ROW === PRESETS_A_ROW - 1) keyboard.row();
  }
  const other = direction === "add" ? words.removeInsteadButton : words.addInsteadButton;
  return keyboard
    .row()
    .text(other, questionData(dialogue, "turn"))
    .row()
    .text(words.cancelButton, questionData(dialogue, "x"));
}

/** The two readings of a text, a row each. */
export function meaningChoices(
  words: Words,
  dialogue: string,
  choices: readonly [AmountExpression, AmountExpression],
  coin: string,
): InlineKeyboard {
  const keyboard = new InlineKeyboard();
  for (const [index, expression] of choices.entries()) {
    keyboard.text(words.expressionButton(expression, coin), questionData(dialogue, `w${index}`)).row();
  }
  return orNot(keyboard, words, dialogue);
}

/** Before everything that can go is taken out. */
export function allChoices(words: Words, dialogue: string, position: Position, amount: Amount): InlineKeyboard {
  const keyboard = new InlineKeyboard().text(words.allButton(position, amount), questionData(dialogue, "all")).row();
  return orNot(keyboard, words, dialogue);
}

/**
 * The ways out. Two rows: the last choice above them is where a card has nothing to press, so that a thumb that taps twice
 * confirms nothing.
 */
function orNot(keyboard: InlineKeyboard, words: Words, dialogue: string): InlineKeyboard {
  return keyboard
    .text(words.otherButton, questionData(dialogue, "other"))
    .row()
    .text(words.cancelButton, questionData(dialogue, "x"));
}
