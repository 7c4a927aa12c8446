/** Which of a person's positions a typed symbol names. */
import type { Contract, HoldSide, Position } from "./position.ts";

/** Letters and digits as contracts have them; anything else, look-alike letters included, names nothing. */
const SYMBOL = /^[A-Z0-9]{1,30}$/;

/** The symbol as contracts spell it; undefined when it cannot be one. */
export function readSymbol(text: string): string | undefined {
  // Unicode upper-casing could turn a foreign letter into one of ours: only ASCII letters are changed.
  const upper = text.replace(/[a-z]/g, (letter) => letter.toUpperCase());
  return SYMBOL.test(upper) ? upper : undefined;
}

function isNamed(item: { symbol: string; baseCoin: string }, name: string): boolean {
  return item.symbol === name || item.baseCoin === name;
}

/** The open positions that a symbol or base coin names, on `holdSide` where one is given. */
export function namedPositions(
  positions: readonly Position[],
  name: string | undefined,
  holdSide: HoldSide | undefined,
): readonly Position[] {
  return positions.filter(
    (position) =>
      (name === undefined || isNamed(position, name)) && (holdSide === undefined || position.holdSide === holdSide),
  );
}

/** Whether any contract has this symbol or base coin. */
export function isListed(contracts: readonly Contract[], name: string): boolean {
  return contracts.some((contract) => isNamed(contract, name));
}
