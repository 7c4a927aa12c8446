/** How far a removal may go: the terms, and what came of them. */
import type { Amount, Price, Ratio } from "../model/decimal.ts";
import type { Tier } from "../model/position.ts";

/** What a removal is measured by. */
export interface FloorTerms {
  readonly tiers: readonly Tier[] | undefined;
  /** The least distance from the mark to liquidation that a removal may leave: 0.03 is 3 %. */
  readonly floor: Ratio;
}

/** How near liquidation may come with a margin, and the least margin that keeps it as far off as a price. */
export interface Bound {
  readonly kind: "bound";
  unroundedLiquidation(margin: Amount): Price;
  margin(price: Price): Amount | undefined;
}
