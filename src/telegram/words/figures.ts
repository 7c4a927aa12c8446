/** How figures look in the chat: exact where they are amounts, rounded where they are shares. Never an exponent. */
import { isDollar } from "../../margin/model/coin.ts";
import { type Decimal, decimal, multiply, readDecimal, round, truncate } from "../../margin/model/decimal.ts";

const HUNDRED = decimal<"ratio">("100");
/** Decimals of a margin or a balance in a text: Bitget prints up to sixteen, nobody reads them. */
const SHOWN_PLACES = 4;
const PRICE_DIGITS = 7;
/** In the place of a figure that could not be read. */
export const NOT_KNOWN = "not known";

/** An amount of a coin as `coins` shows it: cut off, never rounded up, as a balance is a bound that people type. */
export function shownAmount(amount: Decimal, coin: string): Decimal {
  return truncate(amount, isDollar(coin) ? SHOWN_PLACES : 2 * SHOWN_PLACES);
}

/** An amount of a coin: `272.5 USDT`. Cut off to what can be read; amounts that are sent have no more anyway. */
export function coins(amount: Decimal, coin: string): string {
  return `${shownAmount(amount, coin)} ${coin}`;
}

/** The same where nobody may know it. */
export function known(amount: Decimal | undefined, coin: string): string {
  return amount === undefined ? NOT_KNOWN : coins(amount, coin);
}

/** A figure with at most so many decimals, the rest cut off. */
export function figure(value: Decimal, places = 2 * SHOWN_PLACES): string {
  return truncate(value, places);
}

/** A figure before and after, with as few decimals as tell the two apart; text that is no figure stays as it is. */
export function beforeAndAfter(before: string, after: string): readonly [string, string] {
  const [from, to] = [readDecimal(before), readDecimal(after)];
  if (from === undefined || to === undefined) return [before, after];
  const isSmall = [from, to].some((value) => value.startsWith("0."));
  for (const places of isSmall ? [2 * SHOWN_PLACES] : [SHOWN_PLACES, 2 * SHOWN_PLACES]) {
    if (figure(from, places) !== figure(to, places)) return [figure(from, places), figure(to, places)];
  }
  return [from, to];
}

/** A price with the digits that a person compares: seven of them, or the whole part where that is longer. */
export function price(value: Decimal): string {
  const [whole = "0", fraction = ""] = value.replace("-", "").split(".");
  const digits = whole === "0" ? -fraction.search(/[1-9]/) : whole.length;
  return round(value, Math.max(0, PRICE_DIGITS - digits));
}

/** A difference of prices with the contract's own decimals, where these are known: `502.3`. */
export function priceGap(gap: Decimal, pricePlaces: number | undefined): string {
  return round(gap, pricePlaces ?? PRICE_DIGITS);
}

/** A leverage as `7.3x`. */
export function times(ratio: Decimal | undefined): string {
  return ratio === undefined ? "none" : `${round(ratio, 1)}x`;
}

/** A ratio as per cent with one decimal: `4.1 %`. */
export function percent(ratio: Decimal | undefined): string {
  return ratio === undefined ? "none" : `${round(multiply(ratio, HUNDRED), 1)} %`;
}

/** The same, cut off: never more than there is, so that what falls short of a bound is not shown as the bound. */
export function percentCut(ratio: Decimal): string {
  return `${truncate(multiply(ratio, HUNDRED), 1)} %`;
}

/** A moment as `17:02:11 UTC`. */
export function clock(at: number): string {
  return `${new Date(at).toISOString().slice(11, 19)} UTC`;
}

/** A moment as `2026-11-22 17:02 UTC`. */
export function day(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
