/** From an expression to an amount: the second stage, which knows the position. Says how the amount came about, for the card. */
import type { AmountExpression } from "../input/expression.ts";
import type { Direction } from "../model/adjustment.ts";
import type { How } from "../model/amount-origin.ts";
import { ANY_DOLLAR, isDollar } from "../model/coin.ts";
import {
  type Amount,
  abs,
  add,
  compare,
  type Decimal,
  decimal,
  multiply,
  type Price,
  places,
  type Ratio,
  sign,
  subtract,
  truncate,
} from "../model/decimal.ts";
import type { HoldSide } from "../model/position.ts";
import { present } from "../model/present.ts";

/** What `max` leaves where it is, so that a fee or a tick of the price does not make it too much. */
const MAX_RESERVE = decimal<"ratio">("0.01");
/** A figure this many times off is not taken for a price, or for a margin. */
const FAR = decimal<"ratio">("10");
/** A figure at most this many times off the present margin is taken for a margin, whatever else it could stand for. */
const CLOSE = decimal<"ratio">("2");
/** What a figure lacks when zeros, or a `k`, were left out. */
const LEFT_OUT = ["10", "100", "1000"].map((zeros) => decimal<"ratio">(zeros));
const ONE = decimal<"ratio">("1");
const ALL_BUT_RESERVE = subtract(ONE, MAX_RESERVE);

/** The position and the balance, as far as an expression needs them. */
export interface ExpressionFigures {
  readonly holdSide: HoldSide;
  readonly marginCoin: string;
  readonly decimalsMax: number;
  readonly margin: Amount;
  /** Absent where it could not be read. */
  readonly free?: Amount;
  /** What can be removed, an estimate; absent where no bound can be had. */
  readonly removable?: Amount;
  readonly markPrice?: Price;
  /** The direction of an amount, a part or max that says none. */
  readonly bare: Direction;
  /** The most that one adjustment may move: an amount over it that was typed with an `m` is asked back. */
  readonly most?: Amount;
  /** The margin with which liquidation is at this price, or this far from the mark price; undefined: no estimate. */
  readonly marginForLiquidation: (price: Price) => Amount | undefined;
  readonly marginForDistance: (ratio: Ratio) => Amount | undefined;
}

/** Why an expression comes to no amount on a position, free of language. */
export type ResolveFault =
  | "other_coin"
  /** Less than the last decimal of the coin. */
  | "too_small"
  /** Nothing is free, or nothing can be removed. */
  | "nothing_there"
  | "free_unknown"
  | "removable_unknown"
  | "no_estimate"
  /** Nobody can say where liquidation would be: coin-margined, or our sums do not agree with the exchange's. */
  | "not_estimated"
  /** A liquidation price on the wrong side of the mark price: it would be liquidated at once. */
  | "beyond_mark"
  | "already_there"
  /** `add to 100` where the margin is 200. */
  | "wrong_direction";

/** What was read comes to no amount; `what`: the coin that was named, or the figure it is about. */
export interface Unresolved {
  readonly kind: "fault";
  readonly fault: ResolveFault;
  readonly what: string;
}

/** What an expression comes to on a position: an amount, a question between two readings, or why there is none. */
export type Resolved =
  | {
      readonly kind: "resolved";
      readonly direction: Direction;
      /** Above zero, with no more decimals than the coin has: further ones are cut off. */
      readonly amount: Amount;
      readonly how: How;
      /** The amount before its decimals were cut off; absent where nothing was. */
      readonly cutFrom?: Amount;
    }
  | { readonly kind: "ask"; readonly choices: readonly [AmountExpression, AmountExpression] }
  | Unresolved;

function refuse(fault: ResolveFault, what = ""): Unresolved {
  return { kind: "fault", fault, what };
}

/** Whether a coin as typed can mean the margin coin. */
function coinFits(coin: string | undefined, marginCoin: string): boolean {
  return coin === undefined || coin === marginCoin || (coin === ANY_DOLLAR && isDollar(marginCoin));
}

function finish(exact: Amount, direction: Direction, how: How, { decimalsMax }: ExpressionFigures): Resolved {
  const amount = truncate(exact, decimalsMax);
  if (sign(amount) <= 0) return refuse("too_small", exact);
  const cut = places(exact) > decimalsMax ? { cutFrom: exact } : {};
  return { kind: "resolved", direction, amount, how, ...cut };
}

/** The change that leads to a margin, and whether it goes the way that was asked for. */
function towards(margin: Amount, wanted: Direction | undefined, how: How, figures: ExpressionFigures): Resolved {
  const change = subtract(margin, figures.margin);
  // What is missing is less than the coin's last decimal.
  if (sign(truncate(change, figures.decimalsMax)) === 0) return refuse("already_there", margin);
  const direction = sign(change) > 0 ? "add" : "remove";
  if (wanted !== undefined && wanted !== direction) return refuse("wrong_direction", margin);
  return finish(abs(change), direction, how, figures);
}

/** What is taken where everything is meant: all of it but the reserve. */
export function lessReserve(whole: Amount): Amount {
  return multiply<"margin coin">(whole, ALL_BUT_RESERVE);
}

function resolveShare(expression: AmountExpression & { kind: "share" | "max" }, figures: ExpressionFigures): Resolved {
  const direction = expression.direction ?? figures.bare;
  const of = direction === "add" ? "free" : "removable";
  const whole = figures[of];
  if (whole === undefined) return refuse(of === "free" ? "free_unknown" : "removable_unknown");
  if (sign(whole) <= 0) return refuse("nothing_there", of);
  if (expression.kind === "share") {
    const amount = multiply<"margin coin">(whole, expression.share);
    return finish(amount, direction, { kind: "share", share: expression.share, of, whole }, figures);
  }
  return finish(lessReserve(whole), direction, { kind: "max", reserve: MAX_RESERVE, of, whole }, figures);
}

function isBeyondMark(price: Price, { holdSide, markPrice }: ExpressionFigures): boolean {
  if (markPrice === undefined) return false;
  const gap = compare(price, markPrice);
  return holdSide === "long" ? gap >= 0 : gap <= 0;
}

function toLiquidation(price: Price, wanted: Direction | undefined, figures: ExpressionFigures): Resolved {
  if (isBeyondMark(price, figures)) return refuse("beyond_mark", price);
  const margin = figures.marginForLiquidation(price);
  if (margin === undefined) return refuse("not_estimated", price);
  if (sign(margin) <= 0) return refuse("no_estimate", price);
  return towards(margin, wanted, { kind: "liquidation", price, margin }, figures);
}

function toDistance(ratio: Ratio, wanted: Direction | undefined, figures: ExpressionFigures): Resolved {
  // A price cannot fall by more than all of itself.
  if (figures.holdSide === "long" && compare(ratio, ONE) >= 0) return refuse("no_estimate", ratio);
  const margin = figures.marginForDistance(ratio);
  if (margin === undefined) return refuse("not_estimated", ratio);
  if (sign(margin) <= 0) return refuse("no_estimate", ratio);
  return towards(margin, wanted, { kind: "distance", ratio, margin }, figures);
}

function isWithin(factor: Ratio, figure: Decimal, least: Decimal, most: Decimal): boolean {
  return compare(multiply(figure, factor), least) >= 0 && compare(figure, multiply(most, factor)) <= 0;
}

/** The price that is meant where `to 62` was to be `to 62000`. */
function longerPrice(figure: Decimal, figures: ExpressionFigures): Price | undefined {
  const { markPrice } = figures;
  const prices = LEFT_OUT.map((zeros) => multiply<"price">(figure, zeros));
  if (markPrice === undefined) return undefined;
  return prices.find((price) => isWithin(FAR, price, markPrice, markPrice) && !isBeyondMark(price, figures));
}

/**
 * `to N`: whichever of margin and price the figure is near to; near to both or to neither is asked. A margin of less than
 * half or more than double the present one is asked too where the figure with zeros behind it is a possible liquidation
 * price: `to 62` may be a slip for `to 62000`, and taken as a margin it would remove nearly all.
 */
function resolveTarget(expression: AmountExpression & { kind: "to" }, figures: ExpressionFigures): Resolved {
  const { figure, direction } = expression;
  const { margin, free, markPrice } = figures;
  const [target, price] = [figure as Amount, figure as Price];
  const isPrice = markPrice !== undefined && isWithin(FAR, figure, markPrice, markPrice);
  const longer = isPrice ? undefined : longerPrice(figure, figures);
  const isMargin = isWithin(FAR, figure, margin, free === undefined ? margin : add(margin, free));
  const isClose = isWithin(CLOSE, figure, margin, margin);
  // `add to 200` where the margin is more already: not that margin, whatever else.
  const isOther = direction !== undefined && direction !== (compare(target, margin) > 0 ? "add" : "remove");
  if (isPrice && (!isMargin || isOther)) return toLiquidation(price, direction, figures);
  if (isOther || (isMargin && !isPrice && (isClose || longer === undefined))) {
    return towards(target, direction, { kind: "target", margin: target }, figures);
  }
  return {
    kind: "ask",
    choices: [
      { kind: "target", margin: figure },
      { kind: "liquidation", price: longer ?? price, ...present({ direction }) },
    ],
  };
}

function typed(expression: AmountExpression & { kind: "amount" }, figures: ExpressionFigures): Resolved {
  const { beforeM, ...without } = expression;
  const amount = expression.digits as Amount;
  if (beforeM !== undefined && figures.most !== undefined && compare(amount, figures.most) > 0) {
    return { kind: "ask", choices: [{ ...without, digits: beforeM }, without] };
  }
  return finish(amount, expression.direction ?? figures.bare, { kind: "typed" }, figures);
}

/** Why the coin that an expression names cannot be meant on a position with this margin coin; undefined where it can. */
export function coinFault(expression: AmountExpression, marginCoin: string): Unresolved | undefined {
  const coin = "coin" in expression ? expression.coin : undefined;
  return coinFits(coin, marginCoin) ? undefined : refuse("other_coin", coin);
}

/** The amount and direction that an expression comes to on this position, or the question or fault that it leads to. */
export function resolveExpression(expression: AmountExpression, figures: ExpressionFigures): Resolved {
  const foreign = coinFault(expression, figures.marginCoin);
  if (foreign !== undefined) return foreign;
  switch (expression.kind) {
    case "amount":
      return typed(expression, figures);
    case "share":
    case "max":
      return resolveShare(expression, figures);
    case "target": {
      const margin = expression.margin as Amount;
      return towards(margin, expression.direction, { kind: "target", margin }, figures);
    }
    case "times": {
      const margin = multiply<"margin coin">(figures.margin, expression.factor);
      return towards(margin, undefined, { kind: "times", factor: expression.factor, margin }, figures);
    }
    case "to":
      return resolveTarget(expression, figures);
    case "liquidation":
      return toLiquidation(expression.price, expression.direction, figures);
    case "distance":
      return toDistance(expression.ratio, expression.direction, figures);
  }
}

/** True for a removal of everything that can go, or nearly: it takes a second step before its card. */
export function isAll({ direction, how }: { readonly direction: Direction; readonly how?: How }): boolean {
  if (direction === "add" || how === undefined) return false;
  return how.kind === "max" || (how.kind === "share" && compare(how.share, ALL_BUT_RESERVE) >= 0);
}
