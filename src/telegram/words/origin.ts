/** How the amount of a card came about, in English. */
import type { Origin } from "../../margin/model/amount-origin.ts";
import type { Proposal } from "../../margin/model/proposal.ts";
import { beforeAndAfter, coins, figure, percent, price } from "./figures.ts";
import { DRIFT } from "./reasons.ts";

/** The same in several wordings, the longest first: a card takes the first that fits on its line. */
type Wordings = readonly string[];

function wordings(origin: Origin, coin: string): Wordings {
  switch (origin.kind) {
    case "typed":
      return [];
    case "share": {
      const share = percent(origin.share);
      return [
        `${share} of ${coins(origin.whole, coin)} ${origin.of}`,
        `${share} of ${figure(origin.whole, 2)} ${origin.of}`,
      ];
    }
    case "max":
      return [
        `All ${coins(origin.whole, coin)} ${origin.of} less 1 %`,
        `All ${figure(origin.whole, 2)} ${origin.of} less 1 %`,
      ];
    case "target":
      return [`To a margin of ${coins(origin.margin, coin)}`, `To margin ${figure(origin.margin, 2)}`];
    case "times":
      return [`To ${origin.factor} times the margin`];
    case "liquidation":
      return [`To liquidation at ${price(origin.price)}`];
    case "distance":
      return [`To liquidation ${percent(origin.ratio)} away`];
    case "again": {
      if (origin.what === "opening") return ["Changed: closed and opened again", "Since then it was opened again"];
      const [from, to] = beforeAndAfter(origin.before, origin.now);
      return [`Changed: ${DRIFT[origin.what]} ${from} → ${to}`, `Since then the ${DRIFT[origin.what]} changed`];
    }
  }
}

/** One line for an amount that was not typed as it stands, or whose further decimals were cut off; none for others. */
export function originWordings(
  { how, cutFrom, undoes }: Pick<Proposal, "how" | "cutFrom" | "undoes">,
  coin: string,
): Wordings[] {
  if (how === undefined && undoes !== undefined) return [["Undoes an earlier adjustment"]];
  const said = how === undefined ? [] : wordings(how, coin);
  if (cutFrom === undefined) return said.length === 0 ? [] : [said];
  if (said.length === 0) return [[`Further decimals of ${cutFrom} cut off`, "Further decimals were cut off"]];
  return [[...said.map((each) => `${each}, cut off`), ...said.map((each) => `${each}, cut`)]];
}
