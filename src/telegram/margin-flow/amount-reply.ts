/** What a person's reply to a question about the amount means. */
import type { ParsedAmount } from "../../margin/input/expression.ts";
import { readExpression, readLine } from "../../margin/input/parse.ts";
import { namedPositions } from "../../margin/input/position-match.ts";
import type { Direction } from "../../margin/model/adjustment.ts";
import type { Position } from "../../margin/model/position.ts";
import type { Shown } from "../../margin/rules/drift.ts";
import type { Text, Words } from "../words/english.ts";
import type { PersonAnswer } from "./dialogue.ts";
import type { AmountQuestion } from "./questions.ts";

/** What an amount is asked for, and in which direction one goes that says none. */
export interface AmountSubject {
  readonly position: Position;
  readonly direction: Direction;
  /** What the question about it showed of the position; absent where nothing was asked. */
  readonly shown?: Shown;
  /** The amounts on the buttons of that question. */
  readonly presets?: AmountQuestion["presets"];
}

/** What an answer to a question about the amount means. */
export type ParsedReply =
  | ParsedAmount
  | { readonly kind: "fault"; readonly text: Text }
  | { readonly kind: "cancel" }
  /** Another amount, in the other direction or in the same. */
  | { readonly kind: "turn" }
  | { readonly kind: "other" };

/** What an answer, pressed or typed, means for the amount that was asked for. */
export function parseReply(words: Words, subject: AmountSubject, { ctx, choice }: PersonAnswer): ParsedReply {
  const { direction, position } = subject;
  if (choice === undefined) {
    const typed = ctx.message?.text ?? "";
    const read = readExpression(typed, { bare: direction });
    if (read.kind !== "fault") return read;
    return inLine(typed, position) ?? { kind: "fault", text: words.amountFault(read, position.marginCoin) };
  }
  if (choice === "turn" || choice === "other") return { kind: choice };
  const digits = subject.presets?.[direction][Number(/^a(\d+)$/.exec(choice)?.[1] ?? "-1")];
  return digits === undefined
    ? { kind: "cancel" }
    : { kind: "expression", expression: { kind: "amount", direction, digits } };
}

/** An amount in a whole line, `btc 50`, that names the position which is asked about; undefined for any other text. */
function inLine(typed: string, position: Position): ParsedAmount | undefined {
  const line = readLine(typed);
  if (line.kind === "fault" || (line.symbol === undefined && line.holdSide === undefined)) return undefined;
  return namedPositions([position], line.symbol, line.holdSide).length === 1 ? line.said : undefined;
}

/** The direction that was said, by an amount or as another one is asked for; what is typed next goes that way, too. */
export function directionAfter(said: ParsedReply, before: Direction): Direction {
  if (said.kind === "turn") return before === "add" ? "remove" : "add";
  const expression = said.kind === "expression" ? said.expression : said.kind === "ask" ? said.choices[0] : undefined;
  return (expression !== undefined && "direction" in expression ? expression.direction : undefined) ?? before;
}
