/**
 * What a change of margin would do to a position: an estimate, tied to the figure that Bitget shows now.
 *
 * Bitget's present liquidation price is the truth. Our own sums only say how far it moves, so whatever they miss (a fee
 * discount, a position from before the tiers had offsets, digits that Bitget does not print) is in both and drops out.
 */

import type { Estimate, NoEstimate } from "../model/change.ts";
import { type Amount, abs, add, compare, decimal, multiply, type Price, sign, subtract } from "../model/decimal.ts";
import type { Position, Tier } from "../model/position.ts";
import {
  liquidationOf,
  type MaintenanceLine,
  maintenanceLines,
  marginForLiquidation,
  type Stake,
  unroundedLiquidation,
} from "./liquidation.ts";

/** Our sums for one position, with what has to be added to our price to get Bitget's. */
export interface Calibration {
  readonly kind: "calibrated";
  readonly stake: Stake;
  readonly lines: readonly MaintenanceLine[];
  readonly shift: Price;
}

/** How far our figure may be from Bitget's, as a share of the mark price, before nothing is estimated from it. */
const OFF_MAX = decimal<"ratio">("0.005");
const NO_SHIFT = decimal<"price">("0");
const WHOLE_RANGE = decimal<"position value">("0");

const none = (why: NoEstimate["why"]): NoEstimate => ({ kind: "not_estimated", why });

/** A position with all figures that sums about liquidation need. */
export type Figured = Position & Required<Pick<Position, "entryPrice" | "markPrice" | "maintenanceRate">>;

/** True when the figures of the position were all read, and are such that sums can be done with them. */
export function isPlausible(position: Position): position is Figured {
  const { total, entryPrice, markPrice, maintenanceRate, liquidationUnread } = position;
  if (entryPrice === undefined || markPrice === undefined || maintenanceRate === undefined) return false;
  if (liquidationUnread) return false;
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
  if (!isPlausible(position)) return none("figures");
  const { markPrice, maintenanceRate, liquidationPrice } = position;
  const lines = maintenanceLines(tiers ?? [{ from: WHOLE_RANGE, maintenanceRate }]);
  if (lines === undefined) return none("figures");
  const { holdSide, total, entryPrice } = position;
  const stake = { holdSide, total, entryPrice };
  const ours = unroundedLiquidation(position, position.margin, lines);
  if (liquidationPrice === undefined) {
    return sign(ours) <= 0 ? { kind: "calibrated", stake, lines, shift: NO_SHIFT } : none("off");
  }
  if (!isClose(ours, liquidationPrice, markPrice)) return none("off");
  return { kind: "calibrated", stake, lines, shift: subtract(liquidationPrice, ours) };
}

/** The liquidation price with `margin`, zero or below where there is none; at the present margin exactly Bitget's. */
export function calibratedLiquidation({ stake, lines, shift }: Calibration, margin: Amount): Price {
  return add(unroundedLiquidation(stake, margin, lines), shift);
}

/** The margin with which `calibratedLevel` is `price`. May be zero or below. */
export function calibratedMargin({ stake, lines, shift }: Calibration, price: Price): Amount {
  return marginForLiquidation(stake, subtract(price, shift), lines);
}

/** Where the position would be liquidated with `newMargin`, in the margin coin. Bitget's answer is the verdict. */
export function estimateAfter(position: Position, tiers: readonly Tier[] | undefined, newMargin: Amount): Estimate {
  const calibration = calibrate(position, tiers);
  if (calibration.kind === "not_estimated") return calibration;
  return liquidationOf(calibratedLiquidation(calibration, newMargin));
}
