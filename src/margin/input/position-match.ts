/** Which of a person's positions a typed symbol names, and what may have been meant when it names none. */
import type { Contract, HoldSide, Position } from "../model/position.ts";
import { otherNames } from "./contract-name.ts";

/** What a name is compared with. */
interface Listed {
  readonly symbol: string;
  readonly baseCoin: string;
}

// A name as it is read has no signs between its letters: `BTCUSD_CM` is read as BTCUSDCM.
const plain = (symbol: string) => symbol.replace(/[/_.-]/g, "");

function isNamed(item: Listed, name: string): boolean {
  return item.symbol === name || item.baseCoin === name || plain(item.symbol) === name;
}

// Another form of the name counts only where nothing has the name itself: `pepe` is PEPE before it is 1000PEPE.
function named<Item extends Listed>(items: readonly Item[], name: string): readonly Item[] {
  for (const form of [name, ...otherNames(name)]) {
    const found = items.filter((item) => isNamed(item, form));
    if (found.length > 0) return found;
  }
  return [];
}

/** The open positions that a symbol or base coin names, on `holdSide` where one is given. */
export function namedPositions(
  positions: readonly Position[],
  name: string | undefined,
  holdSide: HoldSide | undefined,
): readonly Position[] {
  const found = name === undefined ? positions : named(positions, name);
  return found.filter((position) => holdSide === undefined || position.holdSide === holdSide);
}

/** Whether any contract has this symbol or base coin. */
export function isListed(contracts: readonly Contract[], name: string): boolean {
  return named(contracts, name).length > 0;
}

// A letter too many, missing, or another one, or two that changed places.
function isOneSlip(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (long.length - short.length > 1 || a === b) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at++;
  if (short.slice(at) === long.slice(at + 1)) return true;
  if (short.length < long.length) return false;
  const swapped = short[at] === long[at + 1] && short[at + 1] === long[at];
  return short.slice(at + 1) === long.slice(at + 1) || (swapped && short.slice(at + 2) === long.slice(at + 2));
}

/**
 * The items whose symbol or base coin is one slip of the thumb away from a name that names nothing, in the order given:
 * to be offered, never taken. Names of two letters are too short to tell a slip from another coin.
 */
export function suggestSimilar<Item extends Listed>(items: readonly Item[], name: string): readonly Item[] {
  if (name.length < 3) return [];
  return items.filter(({ symbol, baseCoin }) => isOneSlip(symbol, name) || isOneSlip(baseCoin, name));
}
