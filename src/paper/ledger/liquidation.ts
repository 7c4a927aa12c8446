/**
 * What Bitget derives from a position: liquidation price, risk ratio, profit, and the margin that may leave.
 *
 * Prices are in the quote coin. `coinPrice` is what one margin coin costs in it: 1 for USDT and USDC contracts, the
 * index price for coin-margined ones.
 */
import type { Tier } from "./contracts.ts";
import { add, compare, divide, larger, multiply, negate, smaller, subtract } from "./decimal.ts";

/** Digits after the point that Bitget prints. */
const PLACES = 16;
/** The tier depends on the price and the price on the tier; a handful of rounds settles it. */
const TIER_ROUNDS_MAX = 8;

/** What a liquidation price is computed from; decimal text. */
export interface Figures {
  readonly side: "long" | "short";
  readonly margin: string;
  readonly size: string;
  readonly entryPrice: string;
  readonly markPrice: string;
  readonly leverage: string;
  readonly takerFeeRate: string;
  readonly coinPrice: string;
  readonly tiers: readonly Tier[];
}

/** The tier of a position value, and how much of a flat rate over the whole value it must be spared. */
interface TierAt {
  readonly keepMarginRate: string;
  readonly offset: string;
}

/**
 * The mark price at which the margin no longer covers the maintenance margin; at or below zero means none.
 *
 * With d = 1 for a long and -1 for a short: (margin + offset - d·size·entry) / (size·(rate + fee - d)).
 * Source: Bitget's support article on the liquidation price, with the pre-calculated offset of November 2025. The tier
 * is the one of the position's value at that price.
 */
export function liquidationPrice(figures: Figures): string {
  let price = figures.markPrice;
  for (let round = 0; round < TIER_ROUNDS_MAX; round += 1) {
    const next = priceWithin(figures, tierAt(figures.tiers, multiply(figures.size, price)));
    if (compare(next, price) === 0) break;
    price = next;
  }
  return price;
}

/** Maintenance margin over what is left of the margin: liquidation at 1, where it also stops when nothing is left. */
export function marginRatio(figures: Figures): string {
  const left = add(figures.margin, unrealizedProfit(figures));
  if (compare(left, "0") <= 0) return "1";
  const value = multiply(figures.size, figures.markPrice);
  const tier = tierAt(figures.tiers, value);
  const kept = subtract(multiply(value, add(tier.keepMarginRate, figures.takerFeeRate)), tier.offset);
  return divide(kept, multiply(left, figures.coinPrice), PLACES);
}

/** The maintenance rate of the tier that the position's present value falls in. */
export function keepMarginRate(figures: Figures): string {
  return tierAt(figures.tiers, multiply(figures.size, figures.markPrice)).keepMarginRate;
}

/** In the margin coin, at the mark price. */
export function unrealizedProfit(figures: Figures): string {
  const move = subtract(figures.markPrice, figures.entryPrice);
  return inMarginCoin(figures, multiply(figures.size, figures.side === "long" ? move : negate(move)));
}

/** The price at which closing at once pays the fees of both trades. */
export function breakEvenPrice(figures: Figures): string {
  const [cost, yieldRate] =
    figures.side === "long"
      ? [add("1", figures.takerFeeRate), subtract("1", figures.takerFeeRate)]
      : [subtract("1", figures.takerFeeRate), add("1", figures.takerFeeRate)];
  return divide(multiply(figures.entryPrice, cost), yieldRate, PLACES);
}

/** Size times mark price over leverage: what Bitget shows as the margin of a crossed position. */
export function initialMargin(figures: Figures, price: string = figures.markPrice): string {
  return inMarginCoin(figures, divide(multiply(figures.size, price), figures.leverage, PLACES));
}

/**
 * The margin that may leave the position. Bitget publishes no formula; this is the cautious one: the initial margin at
 * the dearer of mark and entry stays, a loss stays covered, and profit may not be taken out.
 */
export function removableMargin(figures: Figures): string {
  const initial = initialMargin(figures, larger(figures.markPrice, figures.entryPrice));
  const loss = smaller("0", unrealizedProfit(figures));
  return larger("0", add(figures.margin, negate(initial), loss));
}

function priceWithin(figures: Figures, tier: TierAt): string {
  const direction = figures.side === "long" ? "1" : "-1";
  const cost = multiply(direction, figures.size, figures.entryPrice);
  const cover = add(multiply(figures.margin, figures.coinPrice), tier.offset);
  const rate = subtract(add(tier.keepMarginRate, figures.takerFeeRate), direction);
  return divide(subtract(cover, cost), multiply(figures.size, rate), PLACES);
}

/** Rates apply to the part of the value inside each tier; the offset turns the flat rate of the top tier into that. */
function tierAt(tiers: readonly Tier[], value: string): TierAt {
  let at: TierAt = { keepMarginRate: "0", offset: "0" };
  for (const tier of tiers) {
    if (tier.startUnit !== "0" && compare(value, tier.startUnit) <= 0) break;
    const step = subtract(tier.keepMarginRate, at.keepMarginRate);
    at = { keepMarginRate: tier.keepMarginRate, offset: add(at.offset, multiply(tier.startUnit, step)) };
  }
  return at;
}

function inMarginCoin(figures: Figures, quoteAmount: string): string {
  return divide(quoteAmount, figures.coinPrice, PLACES);
}
