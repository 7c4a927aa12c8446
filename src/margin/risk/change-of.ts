/** From a position and its new margin to what changes: risk before and after, and effective leverage. */
import type { Change, Estimate, Risk } from "../model/change.ts";
import { type Amount, add, divide, multiply, type Ratio, sign, subtract } from "../model/decimal.ts";
import type { Position, Tier } from "../model/position.ts";
import { present } from "../model/present.ts";
import { distanceTo } from "./distance.ts";
import { estimateAfter } from "./estimate.ts";
import { liquidationOf } from "./liquidation.ts";

/**
 * Position value over margin and profit at the mark. For coin-margined contracts the value in the coin is the size, as
 * Bitget converts with the coin's own price: https://www.bitget.com/support/articles/360058884232
 */
function effectiveLeverage(position: Position, margin: Amount): Ratio | undefined {
  const { total, markPrice, unrealizedPnl, productType } = position;
  if (unrealizedPnl === undefined || markPrice === undefined) return undefined;
  const left = add(margin, unrealizedPnl);
  if (sign(left) <= 0) return undefined;
  return divide(productType === "COIN-FUTURES" ? total : multiply(total, markPrice), left);
}

/** The figures of the card: the position as it is, and as it would be with `newMargin`. */
export function changeOf(
  position: Position,
  asked: { readonly tiers: readonly Tier[] | undefined; readonly newMargin: Amount; readonly free: Amount | undefined },
): Change {
  const { margin } = position;
  const { free } = asked;
  return {
    before: riskOf(position, margin, shown(position)),
    after: riskOf(position, asked.newMargin, estimateAfter(position, asked.tiers, asked.newMargin)),
    ...present({ freeAfter: free && subtract(free, subtract(asked.newMargin, margin)) }),
  };
}

/** Bitget's own figure. */
function shown({ liquidationPrice, liquidationUnread }: Position): Estimate {
  if (liquidationUnread) return { kind: "not_estimated", why: "figures" };
  return liquidationPrice === undefined ? { kind: "none" } : liquidationOf(liquidationPrice);
}

function riskOf(position: Position, margin: Amount, liquidation: Estimate): Risk {
  const { holdSide, markPrice } = position;
  return {
    margin,
    liquidation,
    distance:
      liquidation.kind === "price" && markPrice !== undefined
        ? distanceTo(holdSide, markPrice, liquidation.price)
        : undefined,
    leverage: effectiveLeverage(position, margin),
  };
}
