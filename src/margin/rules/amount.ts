/** Whether an amount may be adjusted: above zero, not too fine, within limit, balance and margin. */
import type { MarginAdjustment } from "../model/adjustment.ts";
import { compare, decimal, multiply, type Price, places, sign, type Usd } from "../model/decimal.ts";
import type { Refusal } from "../model/refusal.ts";
import type { PositionSnapshot } from "../model/snapshot.ts";

/** What an amount is worth for the limits: USDT and USDC count as USD, coins at the mark price. */
export function usdValue({ position, amount }: MarginAdjustment, markPrice: Price | undefined): Usd | undefined {
  if (position.productType !== "COIN-FUTURES") return decimal<"USD">(amount);
  return markPrice && multiply<"USD">(amount, markPrice);
}

/** Why an adjustment with this amount gets no card; undefined when it may have one. */
export function amountRefusal(
  adjustment: MarginAdjustment,
  figures: Pick<PositionSnapshot, "margin" | "markPrice" | "free">,
  bounds: { readonly decimalsMax: number; readonly perAdjustment: Usd },
): Refusal | undefined {
  const { amount, direction, position } = adjustment;
  const { marginCoin } = position;
  if (sign(amount) <= 0) return { code: "zero" };
  if (places(amount) > bounds.decimalsMax) return { code: "decimals", marginCoin, decimalsMax: bounds.decimalsMax };
  const value = usdValue(adjustment, figures.markPrice);
  if (value === undefined) return { code: "no_mark" };
  if (compare(value, bounds.perAdjustment) > 0) return { code: "over_limit", limit: bounds.perAdjustment, value };
  // What is free only saves a call that Bitget would refuse: where nobody knows it, the rescue goes on.
  if (direction === "add" && figures.free !== undefined && compare(amount, figures.free) > 0)
    return { code: "balance", free: figures.free, marginCoin };
  if (direction === "remove" && compare(amount, figures.margin) >= 0) {
    return { code: "whole_margin", margin: figures.margin, marginCoin };
  }
  return undefined;
}
