/** What is said and offered after a deed, in English. */
import type { EstimateCheck, Fed, Neighbours } from "../../margin/after.ts";
import { type Amount, decimal, round, sign } from "../../margin/decimal.ts";
import type { Position } from "../../margin/position.ts";
import { coins, percent } from "./figures.ts";
import { liquidationPrice } from "./parts.ts";

/** Decimals of a difference of prices where the contract's own are not known. */
const PRICE_PLACES = 7;
const NEIGHBOURS_MAX = 3;
const ENDINGS: Readonly<Record<string, string>> = { one: "st", two: "nd", few: "rd", other: "th" };
const ORDINALS = new Intl.PluralRules("en", { type: "ordinal" });

function ordinal(count: number): string {
  return `${count}${ENDINGS[ORDINALS.select(count)] ?? "th"}`;
}

/** `The estimate was 85423.1, off by 0.2.` */
function estimateLine({ estimated, off }: EstimateCheck, { holdSide, pricePlaces }: Position): string {
  const shown = round(off, pricePlaces ?? PRICE_PLACES);
  const judged = sign(decimal(shown)) === 0 ? "right to the last digit shown" : `off by ${shown}`;
  return `The estimate was ${liquidationPrice(holdSide, estimated, pricePlaces)}, ${judged}.`;
}

/** `2nd addition through this bot: 110 USDT in all, 18 % of the first margin seen.` */
function fedLine({ count, amount, share }: Fed, marginCoin: string): string {
  const part = share === undefined ? "" : `, ${percent(share)} of the first margin seen`;
  return `${ordinal(count)} addition through this bot: ${coins(amount, marginCoin)} in all${part}.`;
}

/** `Free now 1450 USDT; XRP long (cross) may need it, too.` */
function neighboursLine({ free, positions }: Neighbours, marginCoin: string): string {
  const named = positions.slice(0, NEIGHBOURS_MAX).map(({ baseCoin, holdSide, marginMode }) => {
    return `${baseCoin} ${holdSide} (${marginMode === "crossed" ? "cross" : "auto-margin"})`;
  });
  return `Free now ${coins(free, marginCoin)}; ${named.join(", ")} may need it, too.`;
}

export const afterWords = {
  neighboursLine,
  changeButton: "Change amount",
  estimateLine,
  fedLine,
  undoButton: (amount: Amount, marginCoin: string): string => `Undo ${amount} ${marginCoin}`,
  moreButton: "Add more",
  positionNowButton: "Position",
  /** The next step after a no that another amount cures. */
  useButton: (amount: Amount, marginCoin: string): string => `Use ${amount} ${marginCoin}`,
};
