/**
 * What a person may ask for, as data: what stands there, and nothing that only the position could say.
 * Plain data throughout, so that a conversation can store it.
 */
import type { Direction } from "../model/adjustment.ts";
import { type Decimal, decimal, multiply, type Price, places, type Ratio } from "../model/decimal.ts";
/** What somebody types for an amount, before any position is known. */
export type AmountExpression =
  | {
      readonly kind: "amount";
      readonly direction?: Direction;
      readonly digits: Decimal;
      /** Upper case, or `ANY_DOLLAR`. */
      readonly coin?: string;
      /** The digits in front of an `m`: over a cap it is asked whether they were meant without it. */
      readonly beforeM?: Decimal;
    }
  /** A part of the free balance when adding, of what can be removed when removing; 0.25 is 25 %. */
  | { readonly kind: "share"; readonly direction?: Direction; readonly share: Ratio }
  | { readonly kind: "max"; readonly direction?: Direction }
  /** The margin that the position shall have: `=500`, `reduce margin to 500`. */
  | { readonly kind: "target"; readonly direction?: Direction; readonly margin: Decimal; readonly coin?: string }
  /** `to 500`, `to 54000`: a margin or a liquidation price; the position decides. */
  | { readonly kind: "to"; readonly direction?: Direction; readonly figure: Decimal; readonly coin?: string }
  | { readonly kind: "liquidation"; readonly direction?: Direction; readonly price: Price }
  /** The distance that liquidation shall have; 0.15 is 15 % of the mark price. */
  | { readonly kind: "distance"; readonly direction?: Direction; readonly ratio: Ratio }
  /** The margin times this. */
  | { readonly kind: "times"; readonly factor: Ratio };

/** An amount as it stands, in a direction. */
export function plainAmount(direction: Direction, digits: Decimal): AmountExpression {
  return { kind: "amount", direction, digits };
}

/** Why nothing was read, free of language. */
export type FaultKey =
  | "empty"
  | "too_long"
  /** Characters that cannot be seen. */
  | "hidden"
  /** Letters that look like A to Z and are not. */
  | "look_alike"
  | "not_understood"
  | "two_amounts"
  /** `1000 pepe`, `btc-50`: the number may be the amount or a part of the name. */
  | "name_or_amount"
  | "two_symbols"
  | "two_sides"
  | "two_directions"
  /** `take 50`, `50 from`, `cut 50`: nobody could say for certain whether it adds or removes. */
  | "unclear_direction"
  /** `25% of margin`, `half of balance`: a part of something that parts are not of here. */
  | "unclear_whole"
  /** `margin 500`: 500 more, or 500 in all. */
  | "unclear_margin"
  /** `don't`, `cancel`, `undo`: words that say what not to do. */
  | "negation"
  /** `up` and `down`. */
  | "unclear_side"
  | "zero"
  /** `1e3`, `0x10`. */
  | "notation"
  /** Separators that neither group digits by three nor begin decimals. */
  | "grouping"
  | "leading_zero"
  /** Digits of two scripts in one number. */
  | "mixed_digits"
  /** `20x` is how leverage is written. */
  | "leverage"
  /** A share over 100 %. */
  | "percent";

/** `what` is the piece of the text that it is about: short, and as it was typed or nearly so. */
export interface Fault {
  readonly kind: "fault";
  readonly fault: FaultKey;
  readonly what: string;
}

/** `ask`: the text has two plausible readings; the smaller one first. */
export type ParsedAmount =
  | { readonly kind: "expression"; readonly expression: AmountExpression }
  | { readonly kind: "ask"; readonly choices: readonly [AmountExpression, AmountExpression] };
/** What a text comes to that should be an amount: one or two readings, or why it has none. */
export type ParsedExpression = ParsedAmount | Fault;

/** What can be typed, one of each kind: for the words that go with a fault. */
export const EXAMPLES = ["50", "-12.5", "25%", "half", "max", "=500", "to 54000", "15% away", "x2"] as const;

const WHAT_MAX = 32;
const HUNDRED = decimal<"ratio">("100");

/** An ordinary space in front of exactly three digits: it may group, and it may not. */
export const GAP = "\u2423";

/** A named fault; `what` was typed, and is shown with ordinary spaces, cut short. */
export function fault(key: FaultKey, what: string): Fault {
  return { kind: "fault", fault: key, what: [...what.toWellFormed().replaceAll(GAP, " ")].slice(0, WHAT_MAX).join("") };
}

// `1.234` alone could be read as grouped: a zero behind it makes it a fraction for certain.
function printNumber(value: Decimal): string {
  return places(value) === 3 && !value.startsWith("0.") ? `${value}0` : value;
}

function printPercent(ratio: Ratio): string {
  return `${printNumber(multiply<"ratio">(ratio, HUNDRED))}%`;
}

const SIGNS = { add: "+", remove: "-" } as const;

/** One way to type the expression: reading it again gives the same. */
export function printExpression(expression: AmountExpression): string {
  const direction = "direction" in expression ? expression.direction : undefined;
  const [sign, verb] = direction === undefined ? ["", ""] : [SIGNS[direction], `${direction} `];
  const coin = "coin" in expression && expression.coin !== undefined ? ` ${expression.coin}` : "";
  switch (expression.kind) {
    case "amount":
      return `${sign}${expression.beforeM === undefined ? printNumber(expression.digits) : `${printNumber(expression.beforeM)}m`}${coin}`;
    case "share":
      return `${sign}${printPercent(expression.share)}`;
    case "max":
      return `${sign}max`;
    case "target":
      return `${verb === "" ? "=" : `${verb}margin to `}${printNumber(expression.margin)}${coin}`;
    case "to":
      return `${verb}to ${printNumber(expression.figure)}${coin}`;
    case "liquidation":
      return `${verb}liq ${printNumber(expression.price)}`;
    case "distance":
      return `${verb}${printPercent(expression.ratio)} away`;
    case "times":
      return `x${printNumber(expression.factor)}`;
  }
}
