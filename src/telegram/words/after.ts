/** What is said and offered after an adjustment, in English. */
import type { Direction } from "../../margin/model/adjustment.ts";
import { type Amount, decimal, sign } from "../../margin/model/decimal.ts";
import type { Position } from "../../margin/model/position.ts";
import type { Additions, EstimateCheck, Neighbours } from "../../margin/reports/follow-up.ts";
import { coins, percent, priceGap } from "./figures.ts";
import { away, liquidationPrice, positionName } from "./parts.ts";

const NEIGHBOURS_MAX = 3;
const ENDINGS: Readonly<Record<string, string>> = { one: "st", two: "nd", few: "rd", other: "th" };
const ORDINALS = new Intl.PluralRules("en", { type: "ordinal" });

function ordinal(count: number): string {
  return `${count}${ENDINGS[ORDINALS.select(count)] ?? "th"}`;
}

/** `The estimate was 85423.1, off by 0.2.` */
function estimateLine({ estimated, off }: EstimateCheck, { holdSide, pricePlaces }: Position): string {
  const shown = priceGap(off, pricePlaces);
  const judged = sign(decimal(shown)) === 0 ? "right to the last digit shown" : `off by ${shown}`;
  return `The estimate was ${liquidationPrice(holdSide, estimated, pricePlaces)}, ${judged}.`;
}

/** `2nd addition through this bot: 110 USDT in all, 18 % of the first margin seen.` */
function fedLine({ count, amount, share }: Additions, marginCoin: string): string {
  const part = share === undefined ? "" : `, ${percent(share)} of the first margin seen`;
  return `${ordinal(count)} addition through this bot: ${coins(amount, marginCoin)} in all${part}.`;
}

/** `Free is now 1450 USDT, shared with XRP long (cross, 18.3 % away).` */
function neighboursLine({ free, positions }: Neighbours, marginCoin: string): string {
  const named = positions.slice(0, NEIGHBOURS_MAX).map((each) => {
    return `${positionName(each.baseCoin, each.holdSide)} (${each.marginMode === "crossed" ? "cross" : "auto-margin"}, ${away(each)})`;
  });
  const more = positions.length > NEIGHBOURS_MAX ? [`${positions.length - NEIGHBOURS_MAX} more`] : [];
  return `Free is now ${coins(free, marginCoin)}, shared with ${[...named, ...more].join(", ")}.`;
}

/** What a verdict adds: the estimate that was right or off, neighbours on the same balance, next steps. */
export const afterWords = {
  neighboursLine,
  estimateLine,
  fedLine,
  undoButton: (amount: Amount, marginCoin: string): string => `Undo ${amount} ${marginCoin}`,
  moreButton: (direction: Direction): string => (direction === "add" ? "Add more" : "Remove more"),
  positionNowButton: "Position",
  /** The next step after a no that passes: a new card. */
  againButton: (amount: Amount, marginCoin: string): string => `Propose ${amount} ${marginCoin} again`,
  /** The next step after a no that another amount cures. */
  useButton: (amount: Amount, marginCoin: string): string => `Use ${amount} ${marginCoin}`,
};
