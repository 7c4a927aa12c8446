/** Which open position a line is about; where it is about none, why, and which may have been meant. */
import { isListed, namedPositions, suggested } from "../input/position-match.ts";
import type { HoldSide, Position } from "../model/position.ts";
import type { Refusal } from "../model/refusal.ts";
import type { Deps } from "../ports/deps.ts";
import { byRisk } from "../risk/distance.ts";

/** What was said of the position: each may be missing. `symbol` as `readLine` gives it. */
export interface Named {
  readonly symbol?: string;
  readonly holdSide?: HoldSide;
}

/** The positions that were meant, or why there are none. */
export type Found =
  /** Isolated, riskiest first. */
  | { readonly kind: "found"; readonly positions: readonly [Position, ...Position[]] }
  | {
      readonly kind: "none";
      readonly refusal: Refusal;
      /** Open isolated positions to be offered in its place, riskiest first; may be empty. */
      readonly instead: readonly Position[];
      /** True when the name is theirs, too, or a slip of the thumb away: what else was said may well be meant for them. */
      readonly isNear: boolean;
    };

/** Reads the positions of the account, and the contracts where that decides which sentence is true. */
export async function findPositions(deps: Deps, account: string, named: Named): Promise<Found> {
  const reading = await deps.exchange.positions(account);
  const nobody = { instead: [], isNear: false };
  if (!reading.ok) return { kind: "none", refusal: { code: "unreadable", why: reading.why }, ...nobody };
  const meant = namedPositions(reading.value, named.symbol, named.holdSide);
  const [riskiest, ...others] = isolatedOf(meant);
  const crossed = meant.find(({ marginMode }) => marginMode === "crossed");
  // Which one a name without a side means is not guessed where it names one that cannot be adjusted, too.
  const isUnclear = crossed !== undefined && named.symbol !== undefined;
  if (riskiest !== undefined && !isUnclear) return { kind: "found", positions: [riskiest, ...others] };
  const isolated = isolatedOf(reading.value);
  if (crossed !== undefined) {
    const { symbol, holdSide } = crossed;
    const refusal: Refusal = { code: "cross_margin", symbol, holdSide };
    if (riskiest === undefined) return { kind: "none", refusal, instead: isolated, isNear: false };
    return { kind: "none", refusal, instead: [riskiest, ...others], isNear: true };
  }
  const near = named.symbol === undefined ? [] : suggested(isolated, named.symbol);
  const refusal = await whyNone(deps, account, named);
  const isNear = near.length > 0 && refusal.code === "unknown_symbol";
  return { kind: "none", refusal, instead: isNear ? near : isolated, isNear };
}

function isolatedOf(positions: readonly Position[]): readonly Position[] {
  return byRisk(positions.filter(({ marginMode }) => marginMode === "isolated"));
}

async function whyNone({ exchange }: Deps, account: string, named: Named): Promise<Refusal> {
  const { symbol = "" } = named;
  const holdSide = named.holdSide ?? "";
  if (symbol === "") return { code: "no_position", symbol, holdSide };
  const contracts = await exchange.contracts(account);
  if (!contracts.ok) return { code: "unreadable", why: contracts.why };
  return isListed(contracts.value, symbol)
    ? { code: "no_position", symbol, holdSide }
    : { code: "unknown_symbol", symbol };
}
