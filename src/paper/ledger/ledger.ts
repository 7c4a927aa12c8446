/**
 * The books: free balances, positions and bills. A change is made on a draft, stored, and only then true, so that a
 * change which cannot be stored did not happen.
 */
import { contractOf } from "./contracts.ts";
import { add, compare, negate, subtract } from "./decimal.ts";
import { readLedgerFile, writeLedgerFile } from "./ledger-file.ts";
import type { Bill, BusinessType, HoldSide, LedgerState, Position } from "./ledger-state.ts";

/** The books and the one way to change them. */
export interface Ledger {
  state(): LedgerState;
  /** Makes the change and stores it. Throws, and changes nothing, when `work` or the disk does. */
  change<Result>(work: (draft: LedgerState) => Result): Result;
}

export interface MarginMove {
  readonly symbol: string;
  readonly holdSide: HoldSide;
  /** Above zero from the free balance into the position, below zero back. */
  readonly amount: string;
  readonly businessType: BusinessType;
  readonly source: Bill["source"];
  readonly at: number;
}

const BILLS_MAX = 10_000;

/** Opens the books in `file`, or begins with `fresh`. Throws when the file is there but cannot be read as a ledger. */
export function createLedger(file: string | undefined, fresh: LedgerState): Ledger {
  let state = (file === undefined ? undefined : readLedgerFile(file)) ?? fresh;
  return {
    state: () => state,
    change: (work) => {
      const draft = copied(state);
      const result = work(draft);
      draft.bills = draft.bills.slice(-BILLS_MAX);
      if (file !== undefined) writeLedgerFile(file, draft);
      state = draft;
      return result;
    },
  };
}

/** The position of this symbol and side; undefined where there is none. */
export function findPosition(state: LedgerState, symbol: string, holdSide: string): Position | undefined {
  return state.positions.find((position) => position.symbol === symbol && position.holdSide === holdSide);
}

/** The position that a caller knows to be open. */
export function positionOf(state: LedgerState, symbol: string, holdSide: HoldSide): Position {
  const position = findPosition(state, symbol, holdSide);
  if (position === undefined) throw new Error(`The paper exchange has no ${holdSide} position on ${symbol}`);
  return position;
}

/** What is free of a coin: `0` where the books have none. */
export function availableOf(state: LedgerState, coin: string): string {
  return state.available[coin] ?? "0";
}

/** Moves margin between the free balance and a position and writes the bill. Throws when either would fall below zero. */
export function moveMargin(draft: LedgerState, move: MarginMove): Bill {
  const { amount, at, ...billed } = move;
  const position = positionOf(draft, move.symbol, move.holdSide);
  const { productType, marginCoin: coin } = contractOf(move.symbol);
  const balance = subtract(availableOf(draft, coin), amount);
  const marginSize = add(position.marginSize, amount);
  if (compare(balance, "0") < 0 || compare(marginSize, "0") < 0) {
    throw new Error(`The paper exchange cannot move ${amount} ${coin} into ${move.holdSide} ${move.symbol}`);
  }
  draft.available[coin] = balance;
  position.marginSize = marginSize;
  position.changedAt = at;
  return writeBill(draft, { ...billed, productType, amount, coin, balance, at });
}

/** Ends a position: its margin and its profit go back to the free balance, which a loss cannot take below zero. */
export function closePosition(draft: LedgerState, position: Position, profit: string, at: number): Bill {
  const { symbol, holdSide } = position;
  const { productType, marginCoin: coin } = contractOf(symbol);
  const rest = add(position.marginSize, profit);
  const returned = compare(rest, "0") < 0 ? "0" : rest;
  const balance = add(availableOf(draft, coin), returned);
  draft.available[coin] = balance;
  draft.positions = draft.positions.filter((other) => other !== position);
  const businessType = holdSide === "long" ? "close_long" : "close_short";
  const bill = { symbol, productType, businessType, coin, balance, at, holdSide } as const;
  return writeBill(draft, { ...bill, amount: negate(returned), source: "outside" });
}

function writeBill(draft: LedgerState, bill: Omit<Bill, "billId">): Bill {
  const written = { billId: draft.nextBillId, ...bill };
  draft.nextBillId = add(draft.nextBillId, "1");
  draft.bills.push(written);
  return written;
}

/** Bills are never edited, so a draft shares them. */
function copied(state: LedgerState): LedgerState {
  return {
    ...state,
    available: { ...state.available },
    prices: { ...state.prices },
    positions: state.positions.map((position) => ({ ...position })),
    bills: [...state.bills],
  };
}
