/** From what somebody wishes for to an amount, with the position as it is now. */
import type { Direction } from "../margin/adjustment.ts";
import { type Amount, add, decimal, multiply, type Ratio, subtract } from "../margin/decimal.ts";
import type { Desk } from "../margin/desk.ts";
import { calibrate, calibratedMargin } from "../margin/estimate.ts";
import { type Look, look } from "../margin/look.ts";
import type { Position } from "../margin/position.ts";
import { type Resolved, resolveWish, type WishFigures } from "../margin/reading-resolve.ts";
import type { Wish } from "../margin/reading-wish.ts";
import type { Refusal } from "../margin/refusal.ts";
import { largestRemovable } from "../margin/removable.ts";
import { mostIn } from "./questions.ts";

const ONE = decimal<"ratio">("1");
const NOTHING = decimal<"margin coin">("0");

type Figures = Pick<Look & { ok: true }, "position" | "tiers"> & { readonly free: Amount };

function figuresOf(desk: Desk, { position, free, tiers }: Figures, bare: Direction): WishFigures {
  const { holdSide, marginCoin, markPrice } = position;
  const decimalsMax = desk.exchange.decimals(marginCoin);
  const removable = largestRemovable(position, { tiers, floor: desk.rules.removeFloor, decimalsMax });
  const calibration = calibrate(position, tiers);
  const marginForLiquidation: WishFigures["marginForLiquidation"] = (price) =>
    calibration.kind === "calibrated" ? calibratedMargin(position, calibration, price) : undefined;
  // Liquidation lies below the mark for a long, above it for a short.
  const away = (ratio: Ratio) => (holdSide === "long" ? subtract(ONE, ratio) : add(ONE, ratio));
  return {
    holdSide,
    marginCoin,
    decimalsMax,
    margin: position.margin,
    free,
    ...(removable === undefined ? {} : { removable }),
    markPrice,
    bare,
    most: mostIn(position, desk.rules.perAdjustment),
    marginForLiquidation,
    marginForDistance: (ratio) => marginForLiquidation(multiply<"price">(markPrice, away(ratio))),
  };
}

/**
 * What the wish comes to on this position now; plain data, so that a conversation can store it. An amount is what it is
 * whatever the position: nothing is read for it, as the card is about to read anyway.
 */
export async function resolveNow(
  desk: Desk,
  position: Position,
  wish: Wish,
  bare: Direction,
): Promise<Resolved | { readonly kind: "refusal"; readonly refusal: Refusal }> {
  if (wish.kind === "amount") {
    return resolveWish(wish, figuresOf(desk, { position, free: NOTHING, tiers: undefined }, bare));
  }
  const found = await look(desk, position, true);
  if (!found.ok) return { kind: "refusal", refusal: found.refusal };
  return resolveWish(wish, figuresOf(desk, { ...found, free: found.seen.free }, bare));
}
