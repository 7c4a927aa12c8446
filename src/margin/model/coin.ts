/** Coins that count as dollars. */

/** Dollars of any kind: `$20`, `20u`, `20 usd` fit margin in USDT and in USDC. */
export const ANY_DOLLAR = "USD";

/** Coins that are worth a dollar; amounts of others are far smaller figures. */
export function isDollar(coin: string): boolean {
  return coin === "USDT" || coin === "USDC";
}
