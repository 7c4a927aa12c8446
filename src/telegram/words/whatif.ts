/** What amounts would do to a position, and what is said where an adjustment cannot be repeated, in English. */
import { FormattedString } from "@grammyjs/parse-mode";
import type { WhatIf } from "../../margin/reports/whatif.ts";
import { clock, coins, known } from "./figures.ts";
import { awayFromIt, lines, liquidationPrice, positionName } from "./parts.ts";

type Row = WhatIf["rows"][number];

function rowLine({ position }: WhatIf, { direction, amount, after }: Row): string {
  const { holdSide, pricePlaces, marginCoin } = position;
  const title = `${direction === "add" ? "+" : "-"}${amount} ${marginCoin}`;
  const { liquidation } = after;
  if (liquidation.kind === "not_estimated") return `${title}: not estimated`;
  if (liquidation.kind === "none") return `${title}: no liquidation`;
  const { price } = liquidation;
  const far = awayFromIt({ ...position, liquidationPrice: price });
  return `${title}: ${liquidationPrice(holdSide, price, pricePlaces)}, ${far}`;
}

/** The table of `/whatif`. */
export const whatIfWords = {
  whatIf: (table: WhatIf): FormattedString => {
    const { baseCoin, holdSide, margin, marginCoin, pricePlaces, liquidationPrice: level } = table.position;
    const far = awayFromIt(table.position);
    const now = level === undefined ? far : `${liquidationPrice(holdSide, level, pricePlaces)}, ${far}`;
    return lines(
      FormattedString.bold(`What if: ${positionName(baseCoin, holdSide)}, liquidation price (estimates)`),
      `Now, margin ${coins(margin, marginCoin)}: ${now}`,
      ...table.rows.map((row) => rowLine(table, row)),
      ...(table.rows.length === 0 ? ["There is nothing to add or to remove just now."] : []),
      `Free ${known(table.free, marginCoin)} · read ${clock(table.readAt)}`,
      "Nothing was proposed. /margin starts an adjustment.",
    );
  },
  nothingToRepeat: (): FormattedString =>
    lines("No adjustment of yours was done on this account, so there is nothing to repeat. /margin starts one."),
};
