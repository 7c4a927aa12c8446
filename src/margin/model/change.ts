/** What an adjustment would do to the risk of a position, as far as it can be estimated. */
import type { Amount, Price, Ratio } from "./decimal.ts";

/**
 * Why there is no estimate. `coin_margined`: Bitget publishes no formula that is clear about the coin's own price.
 * `off`: our figure and Bitget's disagree about the position as it is. `figures`: a figure that no sum can be done with.
 */
export const NO_ESTIMATES = ["coin_margined", "crossed", "figures", "off"] as const;

/** No figure can be given for where liquidation would be, and why. */
export interface NoEstimate {
  readonly kind: "not_estimated";
  readonly why: (typeof NO_ESTIMATES)[number];
}

/** Where liquidation will be, or why nobody can say. */
export type Estimate = Liquidation | NoEstimate;

/** How dangerous a position is. */
export interface Risk {
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
  /** Absent where the free balance is not known. */
  readonly freeAfter?: Amount;
}

/** A liquidation price that is above zero, or the fact that there is none. */
export type Liquidation = { readonly kind: "price"; readonly price: Price } | { readonly kind: "none" };
