/** From what somebody expressions for to an amount, with the position as it is now. */
import type { AmountExpression } from "../input/expression.ts";
import type { Direction } from "../model/adjustment.ts";
import { type Amount, add, decimal, multiply, type Ratio, subtract } from "../model/decimal.ts";
import type { Position, Tier } from "../model/position.ts";
import type { Refusal } from "../model/refusal.ts";
import type { Deps } from "../ports/deps.ts";
import { readPosition } from "../reads/read-position.ts";
import { calibrate, calibratedMargin } from "../risk/estimate.ts";
import { ONE } from "../risk/liquidation.ts";
import { type Bounds, boundsOf } from "./bounds.ts";
import { type ExpressionFigures, type Resolved, resolveWish } from "./resolve-amount.ts";

const NOTHING = decimal<"margin coin">("0");

/** What an expression needs to know of a position; `bare` is the direction of an amount that says none. */
export function expressionFigures(
  position: Position,
  known: { readonly tiers: readonly Tier[] | undefined; readonly free: Amount; readonly bounds: Bounds },
  bare: Direction,
): ExpressionFigures {
  const { holdSide, marginCoin, markPrice, margin } = position;
  const { decimalsMax, removable, most } = known.bounds;
  const calibration = calibrate(position, known.tiers);
  const marginForLiquidation: ExpressionFigures["marginForLiquidation"] = (price) =>
    calibration.kind === "calibrated" ? calibratedMargin(position, calibration, price) : undefined;
  // Liquidation lies below the mark for a long, above it for a short.
  const away = (ratio: Ratio) => (holdSide === "long" ? subtract(ONE, ratio) : add(ONE, ratio));
  return {
    holdSide,
    marginCoin,
    decimalsMax,
    margin,
    free: known.free,
    ...(removable === undefined ? {} : { removable }),
    markPrice,
    bare,
    most,
    marginForLiquidation,
    marginForDistance: (ratio) => marginForLiquidation(multiply<"price">(markPrice, away(ratio))),
  };
}

/**
 * What the expression comes to on this position now; plain data, so that a conversation can store it. An amount is what it is
 * whatever the position: nothing is read for it, as the card is about to read anyway.
 */
export async function resolveNow(
  deps: Deps,
  position: Position,
  expression: AmountExpression,
  bare: Direction,
): Promise<Resolved | { readonly kind: "refusal"; readonly refusal: Refusal }> {
  if (expression.kind === "amount") {
    const unread = { position, tiers: undefined, seen: { free: NOTHING } };
    return resolveWish(
      expression,
      expressionFigures(position, { tiers: undefined, free: NOTHING, bounds: boundsOf(deps, unread) }, bare),
    );
  }
  const found = await readPosition(deps, position, true);
  if (!found.ok) return { kind: "refusal", refusal: found.refusal };
  const known = { tiers: found.tiers, free: found.seen.free, bounds: boundsOf(deps, found) };
  const resolved = resolveWish(expression, expressionFigures(found.position, known, bare));
  const { margin, total } = found.position;
  return resolved.kind === "resolved" ? { ...resolved, basis: { margin, total } } : resolved;
}
