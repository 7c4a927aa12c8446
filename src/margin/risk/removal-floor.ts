/** How much may be added and removed, and the distance to liquidation that a removal must leave. */
import type { NoEstimate } from "../model/change.ts";
import {
  type Amount,
  add,
  compare,
  decimal,
  divide,
  max,
  min,
  multiply,
  sign,
  subtract,
  truncate,
} from "../model/decimal.ts";
import type { Position, Tier } from "../model/position.ts";
import { FIGURES, type Figure, type FloorRefusal } from "../model/refusal.ts";
import type { Bound, FloorTerms } from "./bound.ts";
import { coinBound, NOTHING } from "./coin-margined.ts";
import { distanceTo } from "./distance.ts";
import { calibrate, calibratedLiquidation, calibratedMargin } from "./estimate.ts";
import { ONE } from "./liquidation.ts";

const NO_PRICE = decimal<"price">("0");
/** Kept on top of the initial margin: the mark moves between our look and Bitget's. */
const RESERVE_FACTOR = decimal<"ratio">("1.02");

/**
 * An estimate of the most that can be removed, zero or above, cut to the coin's decimals. Bitget publishes no formula,
 * its answer is the verdict. The cautious one: the initial margin at the dearer of mark and entry stays and 2 % of it
 * more, a loss stays covered, profit stays inside; and the floor is kept. Undefined where every removal is refused,
 * because no bound can be had.
 */
export function largestRemovable(
  position: Position,
  terms: FloorTerms & { readonly decimalsMax: number },
): Amount | undefined {
  const initial = initialMargin(position);
  const { unrealizedPnl } = position;
  const least = marginAtFloor(position, terms);
  if (initial === undefined || unrealizedPnl === undefined || typeof least !== "string") return undefined;
  const kept = subtract(multiply<"margin coin">(initial, RESERVE_FACTOR), min(unrealizedPnl, NOTHING));
  const spare = subtract(position.margin, max(kept, least));
  return truncate(max(spare, NOTHING), terms.decimalsMax);
}

/**
 * Why a change to `newMargin` is refused for the distance to liquidation that it leaves at the mark of `position`, which
 * must be fresh. Undefined when it may be; an addition always may.
 */
export function floorRefusal(position: Position, newMargin: Amount, terms: FloorTerms): FloorRefusal | undefined {
  if (compare(newMargin, position.margin) >= 0) return undefined;
  const missing = missingOf(position);
  if (missing.length > 0) return { code: "no_bound", why: "figures", missing };
  const least = marginAtFloor(position, terms);
  if (typeof least !== "string") return { code: "no_bound", why: least.why };
  if (compare(newMargin, least) >= 0) return undefined;
  const bound = boundOf(position, terms.tiers);
  if (bound.kind === "not_estimated") return { code: "no_bound", why: bound.why };
  const { holdSide, markPrice } = position;
  const distance = markPrice && distanceTo(holdSide, markPrice, bound.unroundedLiquidation(newMargin));
  return { code: "remove_floor", floor: terms.floor, distance };
}

/** The figures that could not be read and that a removal needs: the floor, and what its card was shown with. */
function missingOf(position: Position): readonly Figure[] {
  return FIGURES.filter((name) =>
    name === "liquidationPrice" ? position.liquidationUnread === true : position[name] === undefined,
  );
}

/**
 * The least margin that keeps the floor. Margins are compared, not prices: this way round nothing is divided, so that
 * what `largestRemovable` offers is never refused for a last digit.
 */
function marginAtFloor(position: Position, { tiers, floor }: FloorTerms): Amount | NoEstimate {
  const bound = boundOf(position, tiers);
  if (bound.kind === "not_estimated") return bound;
  if (position.markPrice === undefined) return { kind: "not_estimated", why: "figures" };
  const share = position.holdSide === "long" ? subtract(ONE, floor) : add(ONE, floor);
  const price = max(multiply<"price">(position.markPrice, share), NO_PRICE);
  return bound.margin(price) ?? { kind: "not_estimated", why: "figures" };
}

function boundOf(position: Position, tiers: readonly Tier[] | undefined): Bound | NoEstimate {
  if (position.productType === "COIN-FUTURES") return coinBound(position);
  const calibration = calibrate(position, tiers);
  if (calibration.kind === "not_estimated") return calibration;
  return {
    kind: "bound",
    unroundedLiquidation: (margin) => calibratedLiquidation(calibration, margin),
    margin: (price) => calibratedMargin(calibration, price),
  };
}

/**
 * Size times the dearer of mark and entry, over the leverage, in the margin coin: the opening margin of
 * https://www.bitget.com/support/articles/12560603881482
 */
function initialMargin(position: Position): Amount | undefined {
  const { total, markPrice, entryPrice, leverage, productType } = position;
  if (markPrice === undefined || entryPrice === undefined || leverage === undefined) return undefined;
  const value = multiply<"margin coin">(total, max(markPrice, entryPrice));
  const inCoin = productType === "COIN-FUTURES" ? divide<"margin coin">(value, markPrice) : value;
  return inCoin && sign(leverage) > 0 ? divide<"margin coin">(inCoin, leverage) : undefined;
}
