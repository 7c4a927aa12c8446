/** Which position is nearest to liquidation. */
import { compare, divide, negate, type Price, type Ratio, subtract } from "../model/decimal.ts";
import type { HoldSide, Position } from "../model/position.ts";

/** What of a position says how far its liquidation is. */
export type Risked = Pick<Position, "holdSide" | "markPrice" | "liquidationPrice" | "liquidationUnread">;

/** From the mark to the liquidation price, as a share of the mark: 0.05 is 5 %, and zero or below is past it. */
export function distanceOf({ holdSide, markPrice, liquidationPrice }: Risked): Ratio | undefined {
  return liquidationPrice && markPrice && distanceTo(holdSide, markPrice, liquidationPrice);
}

/** True where there may be a liquidation price, and nobody can say how far it is. */
export function isDistanceUnknown({ markPrice, liquidationPrice, liquidationUnread }: Risked): boolean {
  return liquidationUnread === true || (liquidationPrice !== undefined && markPrice === undefined);
}

/**
 * The same positions, nearest to liquidation first, those past it before all; behind them those of which nobody can say
 * it, and last those without a liquidation price.
 */
export function byRisk(positions: readonly Position[]): readonly Position[] {
  return [...positions].sort((a, b) => {
    const [left, right] = [a, b].map(distanceOf);
    if (left === undefined || right === undefined) return rank(a) - rank(b);
    return compare(left, right);
  });
}

function rank(at: Risked): number {
  if (distanceOf(at) !== undefined) return 0;
  return isDistanceUnknown(at) ? 1 : 2;
}

/** From the mark to `price`, as a share of the mark: 0.05 is 5 %. Below zero where the mark is past it already. */
export function distanceTo(holdSide: HoldSide, markPrice: Price, price: Price): Ratio | undefined {
  const way = subtract(markPrice, price);
  return divide(holdSide === "long" ? way : negate(way), markPrice);
}
