/**
 * Where a position of a USDT- or USDC-margined contract is liquidated: the sums, without any opinion of Bitget's.
 *
 * Prices and values are in the quote coin, which is the margin coin of these contracts.
 * Sources: https://www.bitget.com/support/articles/12560603808759 (the price) and
 * https://www.bitget.com/support/articles/12560603841952 (tiers with an offset, since 2025-11-10).
 */

import type { Liquidation } from "../model/change.ts";
import {
  type Amount,
  add,
  compare,
  type Decimal,
  decimal,
  divide,
  max,
  min,
  multiply,
  type Price,
  type Ratio,
  roundUp,
  sign,
  subtract,
  truncate,
} from "../model/decimal.ts";
import type { HoldSide, Position, Tier } from "../model/position.ts";

/** One tier as a straight line over the position value: what has to be left of the margin is value · rate − offset. */
export interface MaintenanceLine {
  /** Maintenance margin rate and taker fee rate together. */
  readonly rate: Ratio;
  readonly offset: Amount;
}

/** What of a position its liquidation price depends on, the margin apart. */
export type Stake = Required<Pick<Position, "holdSide" | "total" | "entryPrice">>;
/** The taker fee of an account without a discount, 0.06 %: Bitget's own examples count with it. */
export const TAKER_FEE_RATE = decimal<"ratio">("0.0006");
/** The whole, as a ratio. */
export const ONE = decimal<"ratio">("1");
const ZERO_AMOUNT = decimal<"margin coin">("0");
/** Bitget lists about ten. */
const TIERS_MAX = 100;

/**
 * The lines of all tiers, lowest first. Undefined where the tiers cannot be meant: none, too many, two that begin at the
 * same value, a rate that falls, or one that leaves nothing.
 *
 * A rate applies to the part of the value inside its tier. The offset makes the flat rate over the whole value say the
 * same: each tier adds its lower bound times the step of the rate. The first has none.
 */
export function maintenanceLines(
  tiers: readonly Pick<Tier, "from" | "maintenanceRate">[],
  takerFeeRate: Ratio = TAKER_FEE_RATE,
): readonly MaintenanceLine[] | undefined {
  if (tiers.length === 0 || tiers.length > TIERS_MAX) return undefined;
  const sorted = [...tiers].sort((a, b) => compare(a.from, b.from));
  const lines: MaintenanceLine[] = [];
  for (const [index, { from, maintenanceRate }] of sorted.entries()) {
    const rate = add(maintenanceRate, takerFeeRate);
    const below = sorted[index - 1];
    const step = below === undefined ? maintenanceRate : subtract(maintenanceRate, below.maintenanceRate);
    if (sign(step) < 0 || sign(rate) < 0 || compare(rate, ONE) >= 0) return undefined;
    if (below !== undefined && compare(from, below.from) <= 0) return undefined;
    const last = lines.at(-1);
    const offset = last === undefined ? ZERO_AMOUNT : add(last.offset, multiply<"margin coin">(from, step));
    lines.push({ rate, offset });
  }
  return lines;
}

/**
 * What has to be left of the margin at a position value, closing fee included. Rates only rise, so the line of the tier
 * that the value falls in is the highest of all lines there: no tier has to be looked up.
 */
export function maintenanceMargin(value: Amount, lines: readonly MaintenanceLine[]): Amount {
  const kept = lines.map(({ rate, offset }) => subtract(multiply<"margin coin">(value, rate), offset));
  return kept.reduce(max);
}

/** Of two prices, the one that a falling (long) or rising (short) mark meets first. */
export function nearerPrice<U extends string>(holdSide: HoldSide, a: Decimal<U>, b: Decimal<NoInfer<U>>): Decimal<U> {
  return holdSide === "long" ? max(a, b) : min(a, b);
}

/**
 * The mark price at which margin and profit together are down to the maintenance margin; zero or below means that no
 * price liquidates. `total` must be above zero.
 *
 * long: (total·entry − margin − offset) / (total·(1 − rate)); short: (total·entry + margin + offset) / (total·(1 + rate)).
 * The tier is that of the value at this very price. To try a tier, solve, and pick the tier again ends at the price that
 * the mark meets first among those of all tiers, because the line of the right tier is the highest there: so that one is
 * taken, in as many rounds as there are tiers.
 */
export function unroundedLiquidation(stake: Stake, margin: Amount, lines: readonly MaintenanceLine[]): Price {
  const { holdSide, total, entryPrice } = stake;
  const cost = multiply<"margin coin">(total, entryPrice);
  const prices = lines.map(({ rate, offset }) => {
    const cover = add(margin, offset);
    const [above, below] =
      holdSide === "long" ? [subtract(cost, cover), subtract(ONE, rate)] : [add(cost, cover), add(ONE, rate)];
    return quotient<"price">(above, multiply(total, below));
  });
  return prices.reduce((a, b) => nearerPrice(holdSide, a, b));
}

/** The margin with which `liquidationLevel` is `price`: its exact inverse. May be zero or below. */
export function marginForLiquidation(stake: Stake, price: Price, lines: readonly MaintenanceLine[]): Amount {
  const { holdSide, total, entryPrice } = stake;
  const value = multiply<"margin coin">(total, price);
  const cost = multiply<"margin coin">(total, entryPrice);
  const loss = holdSide === "long" ? subtract(cost, value) : subtract(value, cost);
  return add(maintenanceMargin(value, lines), loss);
}

/** An unrounded liquidation price as people read it: zero and below is no liquidation price at all. */
export function liquidationOf(unrounded: Price): Liquidation {
  return sign(unrounded) > 0 ? { kind: "price", price: unrounded } : { kind: "none" };
}

/**
 * Maintenance margin over margin and profit at the mark price: liquidation is at 1. Undefined where nothing is left.
 * Source: https://www.bitget.com/api-doc/contract/position/get-single-position, whose sample it reproduces.
 */
export function marginRatio(
  position: Required<Pick<Position, "total" | "markPrice" | "margin" | "unrealizedPnl">>,
  lines: readonly MaintenanceLine[],
): Ratio | undefined {
  const left = add(position.margin, position.unrealizedPnl);
  if (sign(left) <= 0) return undefined;
  return divide(maintenanceMargin(multiply(position.total, position.markPrice), lines), left);
}

/**
 * A liquidation price as it is shown, with the decimals of the contract's prices: rounded towards the mark, as Bitget
 * does (up for a long, down for a short), so that no position looks safer than it is.
 */
export function shownLiquidation(holdSide: HoldSide, price: Price, pricePlaces: number): Price {
  return holdSide === "long" ? roundUp(price, pricePlaces) : truncate(price, pricePlaces);
}

/** A division by what cannot be zero: a bug where it is. */
export function quotient<U extends string>(a: Decimal, b: Decimal): Decimal<U> {
  const result = divide<U>(a, b);
  if (result === undefined) throw new Error("a division by zero in the arithmetic of liquidation");
  return result;
}
