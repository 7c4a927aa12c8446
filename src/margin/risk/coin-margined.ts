/** The removal floor of coin-margined positions, whose margin is worth less when the price falls. */
import type { NoEstimate } from "../model/change.ts";
import {
  type Amount,
  add,
  compare,
  decimal,
  max,
  multiply,
  type Price,
  type Ratio,
  sign,
  subtract,
} from "../model/decimal.ts";
import type { Position } from "../model/position.ts";
import type { Bound } from "./bound.ts";
import { type Figured, isClose, isPlausible } from "./estimate.ts";
import {
  type MaintenanceLine,
  marginForLiquidation,
  nearerPrice,
  ONE,
  quotient,
  TAKER_FEE_RATE,
  unroundedLiquidation,
} from "./liquidation.ts";

/** No margin at all. */
export const NOTHING = decimal<"margin coin">("0");

/**
 * Coin-margined: the worse of two readings of Bitget's articles. In one the margin keeps what the coin is worth now, in
 * the other it is worth what the coin costs at liquidation. Where Bitget's own figure is nearer than both, the bound is
 * moved up to it; where it is nearer by more than 0.5 % of the mark, neither can be trusted.
 * Sources: https://www.bitget.com/support/articles/12560603808759, https://www.bitget.com/support/articles/360058884232
 */
export function coinBound(position: Position): Bound | NoEstimate {
  if (position.marginMode !== "isolated") return { kind: "not_estimated", why: "crossed" };
  if (!isPlausible(position)) return { kind: "not_estimated", why: "figures" };
  const { holdSide, markPrice, liquidationPrice } = position;
  const rate = add(position.maintenanceRate, TAKER_FEE_RATE);
  if (compare(rate, ONE) >= 0) return { kind: "not_estimated", why: "figures" };
  const ours = coinMarginedLiquidation(position, rate, position.margin);
  const nearest = liquidationPrice === undefined ? ours : nearerPrice(holdSide, ours, liquidationPrice);
  if (!isClose(ours, nearest, markPrice)) return { kind: "not_estimated", why: "off" };
  const shift = subtract(nearest, ours);
  return {
    kind: "bound",
    unroundedLiquidation: (margin) => add(coinMarginedLiquidation(position, rate, margin), shift),
    margin: (price) => coinMargin(position, rate, subtract(price, shift)),
  };
}

/** The nearer of the prices of the two readings. */
function coinMarginedLiquidation(position: Figured, rate: Ratio, margin: Amount): Price {
  const { holdSide, total, entryPrice, markPrice } = position;
  const kept = unroundedLiquidation(position, multiply(margin, markPrice), flat(rate));
  const cost = multiply(total, entryPrice);
  const share = holdSide === "long" ? subtract(ONE, rate) : add(ONE, rate);
  const own = multiply<"margin coin">(total, share);
  const size = holdSide === "long" ? add(own, margin) : subtract(own, margin);
  // A short that holds more of the coin than it owes is never liquidated.
  return sign(size) <= 0 ? kept : nearerPrice(holdSide, kept, quotient<"price">(cost, size));
}

/** The margin with which neither reading is nearer than `price`; undefined where no margin does that. */
function coinMargin(position: Figured, rate: Ratio, price: Price): Amount | undefined {
  if (sign(price) <= 0) return undefined;
  const { holdSide, total, entryPrice, markPrice } = position;
  const kept = quotient<"margin coin">(marginForLiquidation(position, price, flat(rate)), markPrice);
  const size = quotient<"margin coin">(multiply(total, entryPrice), price);
  const share = holdSide === "long" ? subtract(ONE, rate) : add(ONE, rate);
  const own = multiply<"margin coin">(total, share);
  return max(kept, holdSide === "long" ? subtract(size, own) : subtract(own, size));
}

function flat(rate: Ratio): readonly MaintenanceLine[] {
  return [{ rate, offset: NOTHING }];
}
