/**
 * Reads what people type: an expression at the amount step, or a whole line. Pure, and nothing is guessed: a text has one
 * plausible reading, or two that are asked back, or a named fault. No position is known here; see sizing/resolve-amount.ts.
 *
 *   line      = any order of: (expression | verb)? name? side? link*  `btc long -20`, `50 from #btc`, `remove btc`
 *   expression      = verb? goal | goal verb
 *   verb      = add | put in | top up | remove | reduce | withdraw | take out | pull out | (take | pull | get) with "from"
 *   goal      = amount | part | max | margin | "to" number coin? | liq | distance | times
 *   amount    = sign? money              part     = sign? (number % | half | quarter | ½ | ¼ | ¾)
 *   max       = sign? (max | all)        margin   = "=" money | margin ("to" | of) money
 *   liq       = "liq" ("to" | "=")? $? number
 *   distance  = number % away | away number % | ("to" | "liq") number %
 *   times     = (x | × | * | times) number | double | triple
 *   money     = coin number | number coin?                       coin = $ | u | usd | usdt | usdc | letters behind a number
 *   sign      = + | - | plus | minus, and every dash that is no range mark
 *   number    = digits in groups, then decimals, then k or m     see reading-number.ts
 *   name      = every spelling of a contract                     see symbols-names.ts
 *   side      = long l buy лонг 多 | short s sell шорт 空
 *   link      = from | out (of) | off (of): removes    by | of | on | margin, and "to" where it leads to the name
 *
 * Text becomes plain characters (reading-text.ts), these become words of one letter each (reading-words.ts), some words
 * mean something else beside their neighbours (reading-neighbours.ts), the small ones between them are each given a
 * meaning or refused (reading-links.ts), and the letters are compared with a table of forms (reading-forms.ts). Length
 * is limited first, so that no step can take long.
 */

import type { Direction } from "../model/adjustment.ts";
import type { HoldSide } from "../model/position.ts";
import { present } from "../model/present.ts";
import { readName } from "./contract-name.ts";
import { type AmountExpression, type Fault, fault, type ParsedAmount, type ParsedExpression } from "./expression.ts";
import { directionOf, readForm } from "./grammar.ts";
import { plainText } from "./normalize.ts";
import { linkWords } from "./small-words.ts";
import { joinWords } from "./token-context.ts";
import { type Word, words } from "./tokens.ts";

/** Longest text that is looked at: an amount, and a line, which may hold a link. */
export const WISH_MAX = 64;
/** Longest text that is read, in characters. */
export const LINE_MAX = 256;

/** What a line says; what it does not say is absent. */
export type LineReading =
  | {
      readonly kind: "line";
      /** As contracts spell it, or nearly: for `namedPositions` and `isListed`. */
      readonly symbol?: string;
      readonly holdSide?: HoldSide;
      readonly said?: ParsedAmount;
      /** A verb without an amount, `remove btc`: the direction in which to ask for one. Absent where `said` is there. */
      readonly direction?: Direction;
    }
  | Fault;

function withDirection(expression: AmountExpression, bare: Direction | undefined): AmountExpression {
  const takes = expression.kind === "amount" || expression.kind === "share" || expression.kind === "max";
  return takes && bare !== undefined && expression.direction === undefined
    ? { ...expression, direction: bare }
    : expression;
}

/**
 * An expression as typed at the amount step. `bare` is the direction chosen already: it goes to an amount, a part or max
 * without a sign or verb of its own.
 */
export function readExpression(text: string, { bare }: { readonly bare?: Direction } = {}): ParsedExpression {
  const plain = plainText(text, WISH_MAX);
  if (typeof plain !== "string") return plain;
  const typed = words(plain, false);
  if ("fault" in typed) return typed;
  const foreign = typed.find(({ kind, text: word }) => kind === "?" && readName(word).kind === "look_alike");
  if (foreign !== undefined) return fault("look_alike", foreign.text);
  const left = linkWords(typed, plain);
  if ("fault" in left) return left;
  const reading = readForm(left, plain, bare);
  if (reading.kind === "expression") return { kind: "expression", expression: withDirection(reading.expression, bare) };
  if (reading.kind === "fault") return reading;
  const [first, second] = reading.choices;
  return { kind: "ask", choices: [withDirection(first, bare), withDirection(second, bare)] };
}

// Name and side are taken out; where they stood between other words a bar stays, so that nothing is joined across.
function expressionWords(typed: readonly Word[]): readonly Word[] {
  const left: Word[] = [];
  for (const word of typed) {
    if (word.kind !== "N" && word.kind !== "S") left.push(word);
    else if (left.length > 0 && left.at(-1)?.kind !== "|") left.push({ kind: "|", text: "" });
  }
  return left.at(-1)?.kind === "|" ? left.slice(0, -1) : left;
}

function nameFault(names: readonly Word[]): Fault | undefined {
  for (const wanted of ["look_alike", "none"] as const) {
    const bad = names.find(({ text }) => readName(text).kind === wanted);
    if (bad !== undefined) return fault(wanted === "none" ? "not_understood" : wanted, bad.text);
  }
  return names.length > 1 ? fault("two_symbols", names.map(({ text }) => text).join(", ")) : undefined;
}

/** Whether nothing is said but a direction: `remove btc`, `take out of btc`, `from btc`. */
function isDirectionOnly(left: readonly Word[]): boolean {
  const verbs = left.filter(({ kind }) => kind === "v").length;
  return left.length > 0 && verbs < 2 && left.every(({ kind }) => /^[vf|]$/.test(kind));
}

/** A line such as `btc long -20`: name, side and expression in any order, each at most once. */
export function readLine(text: string): LineReading {
  const plain = plainText(text, LINE_MAX);
  if (typeof plain !== "string") return plain;
  const read = words(plain, true);
  if ("fault" in read) return read;
  const typed = joinWords(read, plain);
  if ("fault" in typed) return typed;
  const [names, sides] = [typed.filter(({ kind }) => kind === "N"), typed.filter(({ kind }) => kind === "S")];
  const misnamed = nameFault(names);
  if (misnamed !== undefined) return misnamed;
  if (sides.length > 1) return fault("two_sides", plain);
  const [name, side] = [names[0] && readName(names[0].text), sides[0]];
  const left = expressionWords(typed);
  const only = isDirectionOnly(left) ? directionOf(left) : undefined;
  if (only !== undefined && "fault" in only) return fault(only.fault, plain);
  const said = left.length === 0 || only !== undefined ? undefined : readForm(left, plain);
  if (said?.kind === "fault") return said;
  return {
    kind: "line",
    ...(name?.kind === "name" ? { symbol: name.name } : {}),
    ...present({ holdSide: side?.holdSide, said }),
    ...only,
  };
}
