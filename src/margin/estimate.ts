/**
 * What a change of margin would do to a position: an estimate, tied to the figure that Bitget shows now.
 *
 * Bitget's present liquidation price is the truth. Our own sums only say how far it moves, so whatever they miss (a fee
 * discount, a position from before the tiers had offsets, digits that Bitget does not print) is in both and drops out.
 */
import {
  type Amount,
  abs,
  add,
  compare,
  decimal,
  divide,
  multiply,
  negate,
  type Price,
  type Ratio,
  sign,
  subtract,
} from "./decimal.ts";
import {
  type Liquidation,
  liquidationLevel,
  liquidationOf,
  type MaintenanceLine,
  maintenanceLines,
  marginForLevel,
  type Tier,
} from "./liquidation.ts";
import type { HoldSide, Position } from "./position.ts";

/**
 * Why there is no estimate. `coin_margined`: Bitget publishes no formula that is clear about the coin's own price.
 * `off`: our figure and Bitget's disagree about the position as it is. `figures`: a figure that no sum can be done with.
 */
export interface NoEstimate {
  readonly kind: "not_estimated";
  readonly why: "coin_margined" | "crossed" | "figures" | "off";
}

export type Estimate = Liquidation | NoEstimate;

/** Our sums for one position, with what has to be added to our price to get Bitget's. */
export interface Calibration {
  readonly kind: "calibrated";
  readonly lines: readonly MaintenanceLine[];
  readonly shift: Price;
}

/** How dangerous a position is. */
interface Risk {
  readonly margin: Amount;
  readonly liquidation: Estimate;
  /** From the mark to the liquidation price, as a share of the mark; zero or below: already past it. Undefined: none. */
  readonly distance: Ratio | undefined;
  /** Position value over margin and profit; undefined where nothing is left. */
  readonly leverage: Ratio | undefined;
}

/** A change of margin in figures. `before` is Bitget's own, `after` is estimated. */
export interface Change {
  readonly before: Risk;
  readonly after: Risk;
  readonly freeAfter: Amount;
}

/** How far our figure may be from Bitget's, as a share of the mark price, before nothing is estimated from it. */
const OFF_MAX = decimal<"ratio">("0.005");
const NO_SHIFT = decimal<"price">("0");
const WHOLE_RANGE = decimal<"position value">("0");

const none = (why: NoEstimate["why"]): NoEstimate => ({ kind: "not_estimated", why });

/** True when the figures of the position are such that sums can be done with them. */
export function isPlausible({ total, entryPrice, markPrice, maintenanceRate }: Position): boolean {
  return sign(total) > 0 && sign(entryPrice) > 0 && sign(markPrice) > 0 && sign(maintenanceRate) >= 0;
}

/** True when two prices differ by no more than `OFF_MAX` of the mark. */
export function isClose(a: Price, b: Price, markPrice: Price): boolean {
  return compare(abs(subtract(a, b)), multiply<"price">(markPrice, OFF_MAX)) <= 0;
}

/**
 * Ties our sums to Bitget's present figure. Without `tiers` the position's own maintenance rate counts for every value,
 * which holds as long as the tier stays the same. Where Bitget shows no liquidation price, ours must come to none, too.
 */
export function calibrate(position: Position, tiers: readonly Tier[] | undefined): Calibration | NoEstimate {
  if (position.productType === "COIN-FUTURES") return none("coin_margined");
  if (position.marginMode !== "isolated") return none("crossed");
  const { markPrice, maintenanceRate, liquidationPrice } = position;
  const lines = maintenanceLines(tiers ?? [{ from: WHOLE_RANGE, maintenanceRate }]);
  if (lines === undefined || !isPlausible(position)) return none("figures");
  const ours = liquidationLevel(position, position.margin, lines);
  if (liquidationPrice === undefined) {
    return sign(ours) <= 0 ? { kind: "calibrated", lines, shift: NO_SHIFT } : none("off");
  }
  if (!isClose(ours, liquidationPrice, markPrice)) return none("off");
  return { kind: "calibrated", lines, shift: subtract(liquidationPrice, ours) };
}

/** The liquidation price with `margin`, zero or below where there is none; at the present margin exactly Bitget's. */
export function calibratedLevel(position: Position, { lines, shift }: Calibration, margin: Amount): Price {
  return add(liquidationLevel(position, margin, lines), shift);
}

/** The margin with which `calibratedLevel` is `price`. May be zero or below. */
export function calibratedMargin(position: Position, { lines, shift }: Calibration, price: Price): Amount {
  return marginForLevel(position, subtract(price, shift), lines);
}

/** Where the position would be liquidated with `newMargin`, in the margin coin. Bitget's answer is the verdict. */
export function estimateAfter(position: Position, tiers: readonly Tier[] | undefined, newMargin: Amount): Estimate {
  const calibration = calibrate(position, tiers);
  if (calibration.kind === "not_estimated") return calibration;
  return liquidationOf(calibratedLevel(position, calibration, newMargin));
}

/** From the mark to `price`, as a share of the mark: 0.05 is 5 %. Below zero where the mark is past it already. */
export function distanceTo(holdSide: HoldSide, markPrice: Price, price: Price): Ratio | undefined {
  const way = subtract(markPrice, price);
  return divide(holdSide === "long" ? way : negate(way), markPrice);
}

/**
 * Position value over margin and profit at the mark. For coin-margined contracts the value in the coin is the size, as
 * Bitget converts with the coin's own price: https://www.bitget.com/support/articles/360058884232
 */
function effectiveLeverage(position: Position, margin: Amount): Ratio | undefined {
  const { total, markPrice, unrealizedPnl, productType } = position;
  const left = add(margin, unrealizedPnl);
  if (sign(left) <= 0) return undefined;
  return divide(productType === "COIN-FUTURES" ? total : multiply(total, markPrice), left);
}

/** The figures of the card: the position as it is, and as it would be with `newMargin`. */
export function changeOf(
  position: Position,
  asked: { readonly tiers: readonly Tier[] | undefined; readonly newMargin: Amount; readonly free: Amount },
): Change {
  const { liquidationPrice, margin } = position;
  const now: Liquidation = liquidationPrice === undefined ? { kind: "none" } : liquidationOf(liquidationPrice);
  return {
    before: riskOf(position, margin, now),
    after: riskOf(position, asked.newMargin, estimateAfter(position, asked.tiers, asked.newMargin)),
    freeAfter: subtract(asked.free, subtract(asked.newMargin, margin)),
  };
}

function riskOf(position: Position, margin: Amount, liquidation: Estimate): Risk {
  const { holdSide, markPrice } = position;
  return {
    margin,
    liquidation,
    distance: liquidation.kind === "price" ? distanceTo(holdSide, markPrice, liquidation.price) : undefined,
    leverage: effectiveLeverage(position, margin),
  };
}
