/** What amounts would do to a position, and what is said where a deed cannot be repeated, in English. */
import { FormattedString } from "@grammyjs/parse-mode";
import { distance } from "../../margin/preview.ts";
import type { WhatIf } from "../../margin/whatif.ts";
import { clock, coins, percent } from "./figures.ts";
import { lines, liquidationPrice, positionName } from "./parts.ts";

type Row = WhatIf["rows"][number];

function rowLine(
  { position: { holdSide, pricePlaces, marginCoin } }: WhatIf,
  { direction, amount, after }: Row,
): string {
  const deed = `${direction === "add" ? "+" : "-"}${amount} ${marginCoin}`;
  const { liquidation } = after;
  if (liquidation.kind === "not_estimated") return `${deed}: not estimated`;
  if (liquidation.kind === "none") return `${deed}: no liquidation`;
  return `${deed}: ${liquidationPrice(holdSide, liquidation.price, pricePlaces)}, ${percent(after.distance)} away`;
}

export const whatIfWords = {
  whatIf: (table: WhatIf): FormattedString => {
    const { baseCoin, holdSide, margin, marginCoin, markPrice, pricePlaces } = table.position;
    const now = liquidationPrice(holdSide, table.position.liquidationPrice, pricePlaces);
    const away = percent(distance(markPrice, table.position.liquidationPrice));
    return lines(
      FormattedString.bold(`What if: ${positionName(baseCoin, holdSide)}, liquidation price (estimates)`),
      `Now, margin ${coins(margin, marginCoin)}: ${now}, ${away} away`,
      ...table.rows.map((row) => rowLine(table, row)),
      ...(table.rows.length === 0 ? ["There is nothing to add or to remove just now."] : []),
      `Free ${coins(table.free, marginCoin)} · read ${clock(table.readAt)}`,
      "Nothing was proposed. /margin starts an adjustment.",
    );
  },
  nothingToRepeat: (): FormattedString =>
    lines("No adjustment of yours was done on this account, so there is nothing to repeat. /margin starts one."),
};
