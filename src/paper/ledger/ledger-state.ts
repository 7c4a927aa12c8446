/** What a ledger holds: positions, bills and balances, as plain data. */
import type { ProductType } from "./contracts.ts";

/** Which way a position bets. */
export type HoldSide = "long" | "short";

/** Whether a position has a margin of its own. */
export type MarginMode = "isolated" | "crossed";

/** A position in the books; amounts as decimal text, in its margin coin. */
export interface Position {
  readonly symbol: string;
  readonly holdSide: HoldSide;
  marginMode: MarginMode;
  marginSize: string;
  /** Size in the base coin. */
  total: string;
  openPriceAvg: string;
  leverage: string;
  autoMargin: "on" | "off";
  readonly openedAt: number;
  changedAt: number;
}

/** The movements of margin that Bitget lists as bills, in its words. */
export type BusinessType = "append_margin" | "reduce_margin" | "auto_append_margin" | "close_long" | "close_short";

/** A movement of money in the books. */
export interface Bill {
  readonly billId: string;
  readonly symbol: string;
  readonly productType: ProductType;
  readonly businessType: BusinessType;
  /** Above zero when the position gained it, below zero when it gave it back. */
  readonly amount: string;
  readonly coin: string;
  /** The free balance afterwards. */
  readonly balance: string;
  readonly at: number;
  /** Bitget's bills tell neither of these two; a test wants to know. */
  readonly holdSide: HoldSide;
  readonly source: "api" | "outside";
}

/** The books, as they are stored. */
export interface LedgerState {
  readonly format: 1;
  readonly startedAt: number;
  nextBillId: string;
  /** Free balance by coin. */
  readonly available: Record<string, string>;
  /** Mark prices that somebody set, by symbol. */
  readonly prices: Record<string, string>;
  positions: Position[];
  /** Oldest first. */
  bills: Bill[];
}
