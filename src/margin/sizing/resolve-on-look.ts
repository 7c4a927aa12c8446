/** From what somebody asks for to an amount, on the position as one look found it. */
import type { AmountExpression } from "../input/expression.ts";
import type { Direction } from "../model/adjustment.ts";
import { type Amount, add, multiply, type Ratio, subtract } from "../model/decimal.ts";
import type { Position, Tier } from "../model/position.ts";
import { present } from "../model/present.ts";
import type { PositionReading } from "../model/snapshot.ts";
import type { Deps } from "../ports/deps.ts";
import { calibrate, calibratedMargin } from "../risk/estimate.ts";
import { ONE } from "../risk/liquidation.ts";
import { type Bounds, boundsOf } from "./bounds.ts";
import { type ExpressionFigures, type Resolved, resolveExpression } from "./resolve-amount.ts";

/** What an expression needs to know of a position; `bare` is the direction of an amount that says none. */
export function expressionFigures(
  position: Position,
  known: { readonly tiers: readonly Tier[] | undefined; readonly free: Amount | undefined; readonly bounds: Bounds },
  bare: Direction,
): ExpressionFigures {
  const { holdSide, marginCoin, markPrice, margin } = position;
  const { decimalsMax, removable, most } = known.bounds;
  const calibration = calibrate(position, known.tiers);
  const marginForLiquidation: ExpressionFigures["marginForLiquidation"] = (price) =>
    calibration.kind === "calibrated" ? calibratedMargin(calibration, price) : undefined;
  // Liquidation lies below the mark for a long, above it for a short.
  const away = (ratio: Ratio) => (holdSide === "long" ? subtract(ONE, ratio) : add(ONE, ratio));
  return {
    holdSide,
    marginCoin,
    decimalsMax,
    margin,
    ...present({ free: known.free, removable, markPrice }),
    bare,
    most,
    marginForLiquidation,
    marginForDistance: (ratio) => markPrice && marginForLiquidation(multiply<"price">(markPrice, away(ratio))),
  };
}

/** What the expression comes to on the position that was looked at, tiers included; `bare` is as above. */
export function resolveOn(
  deps: Deps,
  look: PositionReading & { readonly ok: true },
  expression: AmountExpression,
  bare: Direction,
): Resolved {
  const { position, tiers, seen } = look;
  return resolveExpression(
    expression,
    expressionFigures(position, { tiers, free: seen.free, bounds: boundsOf(deps, look) }, bare),
  );
}
