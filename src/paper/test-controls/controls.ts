/** The hands behind the scenes: what a test does to the world, and the truth that it compares with. No HTTP leads here. */
import { figuresOf, positionRow } from "../endpoints/positions.ts";
import type { BillDelay } from "../ledger/bill-delay.ts";
import { contractOf } from "../ledger/contracts.ts";
import { compare, isDecimal, padDecimals } from "../ledger/decimal.ts";
import { availableOf, closePosition, findPosition, moveMargin, positionOf } from "../ledger/ledger.ts";
import type { Bill, BusinessType, HoldSide, Position } from "../ledger/ledger-state.ts";
import { unrealizedProfit } from "../ledger/liquidation.ts";
import { openPosition, type SeedPosition } from "../ledger/seed.ts";
import type { World } from "../ledger/state.ts";

/** A position, field for field as Bitget reports it: every figure is text. */
export type PaperPosition = ReturnType<typeof positionRow>;

type PositionChange = Partial<
  Pick<Position, "leverage" | "total" | "marginMode" | "openPriceAvg" | "autoMargin" | "marginSize">
>;

/** Hands inside the exchange: what other people, the market and the exchange itself do. */
export interface Controls {
  /** Puts the mark price of a contract where it then stands. */
  setPrice(symbol: string, price: string): void;
  /** Somebody adjusts the margin in the app: above zero adds, below zero removes; a bill says so. */
  setMarginOutside(symbol: string, holdSide: HoldSide, amount: string): void;
  /** The exchange itself tops the position up from the free balance; a bill says so. */
  autoAppend(symbol: string, holdSide: HoldSide, amount: string): void;
  /** Changes a position without moving a balance and without a bill. */
  change(symbol: string, holdSide: HoldSide, changes: PositionChange): void;
  /** Ends a position; margin and profit return to the free balance, and a bill says so. */
  closePosition(symbol: string, holdSide: HoldSide): void;
  /** Adds a position; its margin comes from nowhere, the free balance stays. */
  open(position: SeedPosition): void;
  setAvailable(coin: string, amount: string): void;
  /** Bills of movements from now on show late. `{ ms: 0 }` ends it. */
  billDelay(delay: BillDelay): void;

  position(symbol: string, holdSide: HoldSide): PaperPosition | undefined;
  /** The free balance of a coin. */
  balance(coin: string): string;
  /** Every bill, oldest first, also those which do not show yet. */
  bills(): readonly Bill[];
  /** The bills of the changes that came through the API, oldest first. */
  applied(): readonly Bill[];
}

/** Controls of this world; each change is in its ledger when the method returns. */
export function createControls(world: World): Controls {
  return { ...createTruth(world), ...createMoves(world), ...createEdits(world) };
}

type Truth = Pick<Controls, "position" | "balance" | "bills" | "applied">;
type Moves = Pick<Controls, "setMarginOutside" | "autoAppend" | "closePosition">;
type Edits = Omit<Controls, keyof Truth | keyof Moves>;

function createTruth(world: World): Truth {
  const { ledger } = world;
  return {
    position: (symbol, holdSide) => {
      const position = findPosition(ledger.state(), symbol, holdSide);
      return position && positionRow(world, position);
    },
    balance: (coin) => availableOf(ledger.state(), coin),
    bills: () => ledger.state().bills,
    applied: () => ledger.state().bills.filter((bill) => bill.source === "api"),
  };
}

function createMoves(world: World): Moves {
  const move = (symbol: string, holdSide: HoldSide, amount: string, businessType: BusinessType) =>
    world.ledger.change((draft) => {
      moveMargin(draft, { symbol, holdSide, amount, businessType, source: "outside", at: world.clock() });
    });
  return {
    setMarginOutside: (symbol, holdSide, amount) =>
      move(symbol, holdSide, amount, compare(amount, "0") < 0 ? "reduce_margin" : "append_margin"),
    autoAppend: (symbol, holdSide, amount) => move(symbol, holdSide, amount, "auto_append_margin"),
    closePosition: (symbol, holdSide) =>
      world.ledger.change((draft) => {
        const position = positionOf(draft, symbol, holdSide);
        closePosition(draft, position, unrealizedProfit(figuresOf(world, position)), world.clock());
      }),
  };
}

function createEdits(world: World): Edits {
  const { ledger, clock } = world;
  return {
    setPrice: (symbol, price) => {
      const { pricePlace } = contractOf(symbol);
      if (!isDecimal(price) || compare(price, "0") <= 0) throw new Error(`Not a price: ${price}`);
      ledger.change((draft) => {
        draft.prices[symbol] = padDecimals(price, pricePlace);
      });
    },
    change: (symbol, holdSide, changes) =>
      ledger.change((draft) => {
        Object.assign(positionOf(draft, symbol, holdSide), changes, { changedAt: clock() });
      }),
    open: (seed) =>
      ledger.change((draft) => {
        if (findPosition(draft, seed.symbol, seed.holdSide) !== undefined) {
          throw new Error(`The paper exchange already has a ${seed.holdSide} position on ${seed.symbol}`);
        }
        draft.positions.push(openPosition(seed, clock()));
      }),
    setAvailable: (coin, amount) => {
      if (!isDecimal(amount)) throw new Error(`Not an amount: ${amount}`);
      ledger.change((draft) => {
        draft.available[coin] = amount;
      });
    },
    billDelay: (delay) => world.billShades.set(delay, ledger.state().nextBillId),
  };
}
