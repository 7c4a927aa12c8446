/** Which position is nearest to liquidation. */
import { compare } from "./decimal.ts";
import type { Position } from "./position.ts";
import { distance } from "./preview.ts";

/** The same positions, nearest to liquidation first; those without a liquidation price last. */
export function byRisk(positions: readonly Position[]): readonly Position[] {
  return [...positions].sort((a, b) => {
    const [left, right] = [a, b].map(({ markPrice, liquidationPrice }) => distance(markPrice, liquidationPrice));
    if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined);
    return compare(left, right);
  });
}
