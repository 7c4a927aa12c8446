/** From what a trader wants to the amount that does it: a liquidation price, a distance, a margin. */
import type { Direction } from "./adjustment.ts";
import {
  type Amount,
  abs,
  add,
  compare,
  multiply,
  type Price,
  type Ratio,
  sign,
  subtract,
  truncate,
} from "./decimal.ts";
import { calibrate, calibratedMargin, type NoEstimate } from "./estimate.ts";
import { ONE, type Tier } from "./liquidation.ts";
import type { Position } from "./position.ts";

export type Goal =
  | { readonly kind: "liquidation"; readonly price: Price }
  /** From the present mark to liquidation, as a share of the mark: 0.15 is 15 % away. */
  | { readonly kind: "distance"; readonly distance: Ratio }
  | { readonly kind: "margin"; readonly margin: Amount }
  /** The present margin times a factor. */
  | { readonly kind: "times"; readonly factor: Ratio };

/** What the amount has to fit. */
export interface GoalTerms {
  readonly tiers: readonly Tier[] | undefined;
  readonly free: Amount;
  readonly decimalsMax: number;
}

/**
 * What came of a goal. `needed` is what the goal takes exactly; `amount` is that with the coin's decimals, the rest cut
 * off.
 */
export type Sought =
  | {
      readonly kind: "found";
      readonly direction: Direction;
      readonly amount: Amount;
      readonly needed: Amount;
      readonly newMargin: Amount;
    }
  /** The position is there already: what is missing is less than the coin's last decimal. */
  | { readonly kind: "reached" }
  | Unreachable;

type Unreachable =
  | NoEstimate
  /** Liquidation at or past the mark: the position would be gone at once. */
  | { readonly kind: "wrong_side"; readonly price: Price; readonly markPrice: Price }
  /** A price, distance, margin or factor of zero or less, or a long 100 % away: there is no such goal. */
  | { readonly kind: "no_such_goal" }
  /** No margin would be left: such a position is closed, not adjusted. */
  | { readonly kind: "whole_margin"; readonly margin: Amount }
  | { readonly kind: "over_free"; readonly needed: Amount; readonly free: Amount };

/**
 * The one adjustment that reaches the goal. What exceeds the coin's decimals is cut off in both directions: an addition
 * is never rounded up, so that liquidation may stay short of the goal by one last decimal of margin; a removal stops
 * short of it, which is the safe side. Whether a removal keeps the floor, or is more than can be removed, is not asked.
 */
export function seekGoal(position: Position, goal: Goal, terms: GoalTerms): Sought {
  const target = marginFor(position, goal, terms.tiers);
  if (typeof target !== "string") return target;
  if (sign(target) <= 0) return { kind: "whole_margin", margin: position.margin };
  const change = subtract(target, position.margin);
  const direction: Direction = sign(change) > 0 ? "add" : "remove";
  const needed = abs(change);
  const cut = truncate(change, terms.decimalsMax);
  if (sign(cut) === 0) return { kind: "reached" };
  const amount = abs(cut);
  if (direction === "add" && compare(amount, terms.free) > 0) return { kind: "over_free", needed, free: terms.free };
  return { kind: "found", direction, amount, needed, newMargin: add(position.margin, cut) };
}

/** The margin that the goal asks for, in all its digits; may be zero or below. */
function marginFor(position: Position, goal: Goal, tiers: readonly Tier[] | undefined): Amount | Unreachable {
  switch (goal.kind) {
    case "liquidation":
      return marginForPrice(position, goal.price, tiers);
    case "distance": {
      if (sign(goal.distance) <= 0) return { kind: "no_such_goal" };
      const share = position.holdSide === "long" ? subtract(ONE, goal.distance) : add(ONE, goal.distance);
      return marginForPrice(position, multiply<"price">(position.markPrice, share), tiers);
    }
    case "margin":
      return sign(goal.margin) > 0 ? goal.margin : { kind: "no_such_goal" };
    case "times":
      return sign(goal.factor) > 0 ? multiply<"margin coin">(position.margin, goal.factor) : { kind: "no_such_goal" };
  }
}

function marginForPrice(position: Position, price: Price, tiers: readonly Tier[] | undefined): Amount | Unreachable {
  const { holdSide, markPrice } = position;
  if (sign(price) <= 0) return { kind: "no_such_goal" };
  const side = compare(price, markPrice);
  if (holdSide === "long" ? side >= 0 : side <= 0) return { kind: "wrong_side", price, markPrice };
  const calibration = calibrate(position, tiers);
  return calibration.kind === "not_estimated" ? calibration : calibratedMargin(position, calibration, price);
}
