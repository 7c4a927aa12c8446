/** Which position is nearest to liquidation. */
import { compare, divide, negate, type Price, type Ratio, subtract } from "../model/decimal.ts";
import type { HoldSide, Position } from "../model/position.ts";

/** What of a position says how far its liquidation is. */
export type Risked = Pick<Position, "holdSide" | "markPrice" | "liquidationPrice">;

/** From the mark to the liquidation price, as a share of the mark: 0.05 is 5 %, and zero or below is past it. */
export function distanceOf({ holdSide, markPrice, liquidationPrice }: Risked): Ratio | undefined {
  return liquidationPrice && distanceTo(holdSide, markPrice, liquidationPrice);
}

/** The same positions, nearest to liquidation first, those past it before all; those without a liquidation price last. */
export function byRisk(positions: readonly Position[]): readonly Position[] {
  return [...positions].sort((a, b) => {
    const [left, right] = [a, b].map(distanceOf);
    if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined);
    return compare(left, right);
  });
}

/** From the mark to `price`, as a share of the mark: 0.05 is 5 %. Below zero where the mark is past it already. */
export function distanceTo(holdSide: HoldSide, markPrice: Price, price: Price): Ratio | undefined {
  const way = subtract(markPrice, price);
  return divide(holdSide === "long" ? way : negate(way), markPrice);
}
