/** Which open position a line is about; where it is about none, why, and which may have been meant. */
import { isListed, namedPositions, suggestSimilar } from "../input/position-match.ts";
import type { HoldSide, Position, Unread } from "../model/position.ts";
import type { Refusal } from "../model/refusal.ts";
import type { Deps } from "../ports/deps.ts";
import { byRisk } from "../risk/distance.ts";
import { unreadable, unreadableOf } from "./unread.ts";

/** What was said of the position: each may be missing. `symbol` as `readLine` gives it. */
export interface Named {
  readonly symbol?: string;
  readonly holdSide?: HoldSide;
}

/** The positions that a name means, or why it means none. */
export type FoundPositions =
  /** Isolated, riskiest first. */
  | {
      readonly kind: "found";
      readonly positions: readonly [Position, ...Position[]];
      /** What the name may mean as well, and could not be read. */
      readonly unread: readonly Unread[];
    }
  | {
      readonly kind: "none";
      readonly refusal: Refusal;
      /** Open isolated positions to be offered in its place, riskiest first; may be empty. */
      readonly instead: readonly Position[];
      /** True when the name is theirs, too, or a slip of the thumb away: what else was said may well be meant for them. */
      readonly isNear: boolean;
    };

/** Reads the positions of the account, and the contracts where that decides which sentence is true. */
export async function findPositions(deps: Deps, account: string, named: Named): Promise<FoundPositions> {
  const reading = await deps.exchange.positions(account);
  const nobody = { instead: [], isNear: false };
  if (!reading.ok) return { kind: "none", refusal: unreadable(reading), ...nobody };
  const { positions, unread } = reading.value;
  const meant = namedPositions(positions, named.symbol, named.holdSide);
  const unreadToo = unread.filter((each) => mayBeMeant(each, named, meant));
  const [riskiest, ...others] = isolatedOf(meant);
  const crossed = meant.find(({ marginMode }) => marginMode === "crossed");
  // Which one a name without a side means is not guessed where it names one that cannot be adjusted, too.
  const isUnclear = crossed !== undefined && named.symbol !== undefined;
  if (riskiest !== undefined && !isUnclear)
    return { kind: "found", positions: [riskiest, ...others], unread: unreadToo };
  const isolated = isolatedOf(positions);
  if (crossed !== undefined) {
    const { symbol, holdSide } = crossed;
    const refusal: Refusal = { code: "cross_margin", symbol, holdSide };
    if (riskiest === undefined) return { kind: "none", refusal, instead: isolated, isNear: false };
    return { kind: "none", refusal, instead: [riskiest, ...others], isNear: true };
  }
  const [hidden] = unreadToo;
  if (hidden !== undefined) return { kind: "none", refusal: unreadableOf(hidden), instead: isolated, isNear: false };
  const near = named.symbol === undefined ? [] : suggestSimilar(isolated, named.symbol);
  const refusal = await whyNone(deps, account, named);
  const isNear = near.length > 0 && refusal.code === "unknown_symbol";
  return { kind: "none", refusal, instead: isNear ? near : isolated, isNear };
}

function isolatedOf(positions: readonly Position[]): readonly Position[] {
  return byRisk(positions.filter(({ marginMode }) => marginMode === "isolated"));
}

/** Whether a name may be a short one for a symbol: `pepe` for 1000PEPEUSDT. Nobody knows the base coin of what was not read. */
function isPartOf(name: string, symbol: string): boolean {
  return symbol.replace(/[/_.-]/g, "").includes(name);
}

/**
 * Whether something that could not be read may be what is meant. A name that was read by another position already is not
 * also that of a line or a row of which nothing is known.
 */
function mayBeMeant(unread: Unread, { symbol, holdSide }: Named, meant: readonly Position[]): boolean {
  if (holdSide !== undefined && unread.holdSide !== undefined && holdSide !== unread.holdSide) return false;
  if (symbol === undefined) return true;
  if (unread.symbol === undefined) return meant.length === 0;
  return (
    unread.symbol === symbol || isPartOf(symbol, unread.symbol) || meant.some((each) => each.symbol === unread.symbol)
  );
}

async function whyNone({ exchange }: Deps, account: string, named: Named): Promise<Refusal> {
  const { symbol = "" } = named;
  const holdSide = named.holdSide ?? "";
  if (symbol === "") return { code: "no_position", symbol, holdSide };
  const contracts = await exchange.contracts(account);
  // That there is no such contract is said where all were read; that there is no position is true anyway.
  const isUnknown = contracts.ok && contracts.value.isComplete && !isListed(contracts.value.contracts, symbol);
  return isUnknown ? { code: "unknown_symbol", symbol } : { code: "no_position", symbol, holdSide };
}
