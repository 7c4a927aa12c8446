/** How much may be added and removed, and the distance to liquidation that a removal must leave. */
import {
  type Amount,
  add,
  compare,
  decimal,
  divide,
  max,
  min,
  multiply,
  type Price,
  type Ratio,
  sign,
  subtract,
  truncate,
} from "./decimal.ts";
import {
  calibrate,
  calibratedLevel,
  calibratedMargin,
  distanceTo,
  isClose,
  isPlausible,
  type NoEstimate,
} from "./estimate.ts";
import {
  liquidationLevel,
  type MaintenanceLine,
  marginForLevel,
  met,
  ONE,
  quotient,
  TAKER_FEE_RATE,
  type Tier,
} from "./liquidation.ts";
import type { Position } from "./position.ts";

/** What a removal is measured by. */
export interface FloorTerms {
  readonly tiers: readonly Tier[] | undefined;
  /** The least distance from the mark to liquidation that a removal may leave: 0.03 is 3 %. */
  readonly floor: Ratio;
}

/** Why a removal is refused, free of language. */
export type FloorRefusal =
  | { readonly code: "remove_floor"; readonly floor: Ratio; readonly distance: Ratio | undefined }
  /** Nobody can say where liquidation would be, not even at worst. */
  | { readonly code: "no_bound"; readonly why: NoEstimate["why"] };

/** How near liquidation may come with a margin, and the least margin that keeps it as far off as a price. */
interface Bound {
  readonly kind: "bound";
  level(margin: Amount): Price;
  margin(price: Price): Amount | undefined;
}

const NOTHING = decimal<"margin coin">("0");
const NO_PRICE = decimal<"price">("0");
/** Kept on top of the initial margin: the mark moves between our look and Bitget's. */
const RESERVE_FACTOR = decimal<"ratio">("1.02");

/** The most that can be added: the free balance, cut to the coin's decimals. */
export function largestAddable(free: Amount, decimalsMax: number): Amount {
  return truncate(max(free, NOTHING), decimalsMax);
}

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
  const least = marginAtFloor(position, terms);
  if (initial === undefined || typeof least !== "string") return undefined;
  const kept = subtract(multiply<"margin coin">(initial, RESERVE_FACTOR), min(position.unrealizedPnl, NOTHING));
  const spare = subtract(position.margin, max(kept, least));
  return truncate(max(spare, NOTHING), terms.decimalsMax);
}

/**
 * Why a change to `newMargin` is refused for the distance to liquidation that it leaves at the mark of `position`, which
 * must be fresh. Undefined when it may be; an addition always may.
 */
export function floorRefusal(position: Position, newMargin: Amount, terms: FloorTerms): FloorRefusal | undefined {
  if (compare(newMargin, position.margin) >= 0) return undefined;
  const least = marginAtFloor(position, terms);
  if (typeof least !== "string") return { code: "no_bound", why: least.why };
  if (compare(newMargin, least) >= 0) return undefined;
  const bound = boundOf(position, terms.tiers);
  if (bound.kind === "not_estimated") return { code: "no_bound", why: bound.why };
  const { holdSide, markPrice } = position;
  return {
    code: "remove_floor",
    floor: terms.floor,
    distance: distanceTo(holdSide, markPrice, bound.level(newMargin)),
  };
}

/**
 * The least margin that keeps the floor. Margins are compared, not prices: this way round nothing is divided, so that
 * what `largestRemovable` offers is never refused for a last digit.
 */
function marginAtFloor(position: Position, { tiers, floor }: FloorTerms): Amount | NoEstimate {
  const bound = boundOf(position, tiers);
  if (bound.kind === "not_estimated") return bound;
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
    level: (margin) => calibratedLevel(position, calibration, margin),
    margin: (price) => calibratedMargin(position, calibration, price),
  };
}

/**
 * Coin-margined: the worse of two readings of Bitget's articles. In one the margin keeps what the coin is worth now, in
 * the other it is worth what the coin costs at liquidation. Where Bitget's own figure is nearer than both, the bound is
 * moved up to it; where it is nearer by more than 0.5 % of the mark, neither can be trusted.
 * Sources: https://www.bitget.com/support/articles/12560603808759, https://www.bitget.com/support/articles/360058884232
 */
function coinBound(position: Position): Bound | NoEstimate {
  if (position.marginMode !== "isolated") return { kind: "not_estimated", why: "crossed" };
  const { holdSide, markPrice, liquidationPrice } = position;
  const rate = add(position.maintenanceRate, TAKER_FEE_RATE);
  if (!isPlausible(position) || compare(rate, ONE) >= 0) return { kind: "not_estimated", why: "figures" };
  const ours = coinLevel(position, rate, position.margin);
  const nearest = liquidationPrice === undefined ? ours : met(holdSide, ours, liquidationPrice);
  if (!isClose(ours, nearest, markPrice)) return { kind: "not_estimated", why: "off" };
  const shift = subtract(nearest, ours);
  return {
    kind: "bound",
    level: (margin) => add(coinLevel(position, rate, margin), shift),
    margin: (price) => coinMargin(position, rate, subtract(price, shift)),
  };
}

/** The nearer of the prices of the two readings. */
function coinLevel(position: Position, rate: Ratio, margin: Amount): Price {
  const { holdSide, total, entryPrice, markPrice } = position;
  const kept = liquidationLevel(position, multiply(margin, markPrice), flat(rate));
  const cost = multiply(total, entryPrice);
  const share = holdSide === "long" ? subtract(ONE, rate) : add(ONE, rate);
  const own = multiply<"margin coin">(total, share);
  const size = holdSide === "long" ? add(own, margin) : subtract(own, margin);
  // A short that holds more of the coin than it owes is never liquidated.
  return sign(size) <= 0 ? kept : met(holdSide, kept, quotient<"price">(cost, size));
}

/** The margin with which neither reading is nearer than `price`; undefined where no margin does that. */
function coinMargin(position: Position, rate: Ratio, price: Price): Amount | undefined {
  if (sign(price) <= 0) return undefined;
  const { holdSide, total, entryPrice, markPrice } = position;
  const kept = quotient<"margin coin">(marginForLevel(position, price, flat(rate)), markPrice);
  const size = quotient<"margin coin">(multiply(total, entryPrice), price);
  const share = holdSide === "long" ? subtract(ONE, rate) : add(ONE, rate);
  const own = multiply<"margin coin">(total, share);
  return max(kept, holdSide === "long" ? subtract(size, own) : subtract(own, size));
}

function flat(rate: Ratio): readonly MaintenanceLine[] {
  return [{ rate, offset: NOTHING }];
}

/**
 * Size times the dearer of mark and entry, over the leverage, in the margin coin: the opening margin of
 * https://www.bitget.com/support/articles/12560603881482
 */
function initialMargin(position: Position): Amount | undefined {
  const { total, markPrice, entryPrice, leverage, productType } = position;
  const value = multiply<"margin coin">(total, max(markPrice, entryPrice));
  const inCoin = productType === "COIN-FUTURES" ? divide<"margin coin">(value, markPrice) : value;
  return inCoin && sign(leverage) > 0 ? divide<"margin coin">(inCoin, leverage) : undefined;
}
