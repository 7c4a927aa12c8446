/** What is said about typed amounts and lines, in English: what was wrong, and which was meant. */
import { type AmountExpression, EXAMPLES, type Fault, type FaultKey } from "../../margin/input/expression.ts";
import { isDollar } from "../../margin/model/coin.ts";
import type { ResolveFault, Unresolved } from "../../margin/sizing/resolve-amount.ts";
import { percent } from "./figures.ts";

const FAULTS: Readonly<Record<FaultKey, string>> = {
  empty: "There is nothing to read",
  too_long: "That is too long to be read",
  hidden: "That has characters that cannot be seen",
  look_alike: "That has letters that only look like A to Z",
  not_understood: "That is not something I can read",
  two_amounts: "That names two amounts",
  name_or_amount:
    "That number may be the amount or a part of the name, so put the amount behind the name, after a space",
  two_symbols: "That names two symbols, or has a word I do not know",
  two_sides: "That names two sides",
  two_directions: "That says both add and remove",
  unclear_direction: "Say add or remove, as that does not tell me which",
  unclear_whole:
    "Additions come from the free balance, removals from what can be removed, and parts are parts of that, so name nothing else",
  unclear_margin: "Type =500 for a margin of 500, or +500 to add 500, as that may be either",
  negation: "That has a word for not doing something",
  unclear_side: "Up and down are not sides: say long or short",
  zero: "The amount is zero",
  notation: "Amounts are plain digits",
  grouping: "The separators in that number are unclear",
  leading_zero: "That number begins with a zero",
  mixed_digits: "That number mixes digits of two scripts",
  leverage: "That is how leverage is written, and I do not change leverage",
  percent: "That is more than 100 %",
};

const RESOLVE_FAULTS: Readonly<Record<Exclude<ResolveFault, "other_coin">, string>> = {
  too_small: "That is less than the last decimal of the coin",
  nothing_there: "There is nothing to take that from",
  free_unknown: "The free balance could not be read, so say the amount itself",
  removable_unknown: "Nobody can say how much can be removed here",
  no_estimate: "No amount leads there",
  not_estimated: "Where liquidation would be is not estimated for this position, so no amount can be found for it",
  beyond_mark: "That price is on the wrong side of the mark price",
  already_there: "The position is there already",
  wrong_direction: "That would go the other way",
};

const COIN_EXAMPLES = ["0.005", "-0.002", "25%", "half", "max"];

function examples(marginCoin: string): string {
  const shown = isDollar(marginCoin) ? EXAMPLES.slice(0, 6) : COIN_EXAMPLES;
  return `Type an amount such as ${shown.join(", ")} (in ${marginCoin}).`;
}

/** Why an amount was not read; `marginCoin` is what amounts are in here. */
export function amountFault({ fault, what }: Fault, marginCoin: string): string {
  const named = what === "" ? "" : `: ${what}`;
  return `${FAULTS[fault]}${named}. Nothing was changed. ${examples(marginCoin)}`;
}

/** Why a whole line was not read. */
export function lineFault({ fault, what }: Fault): string {
  const named = what === "" ? "" : `: ${what}`;
  return `${FAULTS[fault]}${named}. Nothing was changed. Type an amount such as 50: /margin btc long 50, or /margin btc short -20.`;
}

/** Why what was read comes to no amount on this position. */
export function resolveFault({ fault }: Unresolved, marginCoin: string): string {
  const why = fault === "other_coin" ? `The margin of this position is ${marginCoin}` : RESOLVE_FAULTS[fault];
  return `${why}. Nothing was changed. ${examples(marginCoin)}`;
}

/** A reading as the button that chooses it. */
export function expressionButton(expression: AmountExpression, marginCoin: string): string {
  switch (expression.kind) {
    case "amount":
      return `${expression.direction === "remove" ? "-" : ""}${expression.digits} ${marginCoin}`;
    case "target":
      return `Margin of ${expression.margin} ${marginCoin}`;
    case "to":
      return `To ${expression.figure}`;
    case "liquidation":
      return `Liquidation at ${expression.price}`;
    case "share":
      return percent(expression.share);
    case "distance":
      return `${percent(expression.ratio)} away`;
    case "times":
      return `${expression.factor} times the margin`;
    case "max":
      return "All of it";
  }
}
