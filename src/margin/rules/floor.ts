/** The floor at the mark of a look: a removal may come no nearer to liquidation. An addition is never stopped by it. */
import type { MarginAdjustment } from "../model/adjustment.ts";
import type { Ratio } from "../model/decimal.ts";
import type { Position, Tier } from "../model/position.ts";
import type { Refusal } from "../model/refusal.ts";
import { marginAfter } from "../model/snapshot.ts";
import { floorRefusal } from "../risk/removal-floor.ts";

/**
 * Why a removal would leave liquidation closer than `floor` (a share of the mark price), or cannot be bounded; undefined when
 * it may be.
 */
export function removalRefusal(
  adjustment: MarginAdjustment,
  { position, tiers }: { readonly position: Position; readonly tiers: readonly Tier[] | undefined },
  floor: Ratio,
): Refusal | undefined {
  return floorRefusal(position, marginAfter(position.margin, adjustment), { tiers, floor });
}
