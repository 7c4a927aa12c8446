/** The world that a new ledger begins with: play money, and positions that each show something. */
import { findContract } from "./contracts.ts";
import { compare, isDecimal } from "./decimal.ts";
import type { HoldSide, LedgerState, MarginMode, Position } from "./ledger-state.ts";

/** A position as a test or a configuration writes it down. */
export interface SeedPosition {
  readonly symbol: string;
  readonly holdSide: HoldSide;
  readonly marginSize: string;
  /** Size in the base coin. */
  readonly total: string;
  readonly openPriceAvg: string;
  readonly leverage: string;
  /** Isolated unless told otherwise. */
  readonly marginMode?: MarginMode;
  /** Off unless told otherwise. */
  readonly autoMargin?: "on" | "off";
}

const START_BALANCES = { USDT: "1500", USDC: "1000", BTC: "0.5" };
/** Bitget's numbers of bills have 19 digits: too many for a float. */
const FIRST_BILL_ID = "1400000000000000001";

const START_POSITIONS: readonly SeedPosition[] = [
  // Comfortable: profit, some margin to spare.
  { symbol: "BTCUSDT", holdSide: "long", marginSize: "612.5", total: "0.05", openPriceAvg: "98500", leverage: "10" },
  // Two per cent above its liquidation: the reason to add margin.
  { symbol: "ETHUSDT", holdSide: "long", marginSize: "170.88", total: "1.2", openPriceAvg: "3560", leverage: "25" },
  // Both sides of one contract: the side has to be chosen.
  { symbol: "SOLUSDT", holdSide: "long", marginSize: "110", total: "10", openPriceAvg: "178.5", leverage: "20" },
  { symbol: "SOLUSDT", holdSide: "short", marginSize: "70", total: "6", openPriceAvg: "182", leverage: "20" },
  // Crossed: its margin cannot be adjusted.
  {
    symbol: "XRPUSDT",
    holdSide: "long",
    marginSize: "122.5",
    total: "500",
    openPriceAvg: "2.45",
    leverage: "10",
    marginMode: "crossed",
  },
];

/** New books, with these positions and play money beside them. `startedAt` in ms. */
export function freshLedger(startedAt: number, positions: readonly SeedPosition[] = START_POSITIONS): LedgerState {
  return {
    format: 1,
    startedAt,
    nextBillId: FIRST_BILL_ID,
    available: { ...START_BALANCES },
    prices: {},
    positions: positions.map((position) => openPosition(position, startedAt)),
    bills: [],
  };
}

/** The position as the ledger keeps it. Throws when it names no contract or an amount is not above zero. */
export function openPosition(seed: SeedPosition, at: number): Position {
  if (findContract(seed.symbol) === undefined) throw new Error(`The paper exchange lists no ${seed.symbol}`);
  for (const amount of [seed.marginSize, seed.total, seed.openPriceAvg, seed.leverage]) {
    if (!isDecimal(amount) || compare(amount, "0") <= 0) throw new Error(`Not an amount above zero: ${amount}`);
  }
  return { marginMode: "isolated", autoMargin: "off", ...seed, openedAt: at, changedAt: at };
}
