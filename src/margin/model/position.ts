/** What is adjusted: positions, the contracts they are in, and the balance that feeds them. */
import type { Amount, Decimal, Price, Ratio, Size } from "./decimal.ts";
import type { ReadFailure } from "./response-facts.ts";

const PRODUCT_TYPES = ["USDT-FUTURES", "USDC-FUTURES", "COIN-FUTURES"] as const;
/** A line of contracts, as Bitget names it. */
export type ProductType = (typeof PRODUCT_TYPES)[number];
/** Which way a position bets: on a rising price, or on a falling one. */
export type HoldSide = "long" | "short";

/** Names one position of one account. */
export interface PositionKey {
  /** Exchange, mode and name, as the audit table says it: `bitget:live:main`. */
  readonly account: string;
  readonly productType: ProductType;
  /** Upper case, as in the contracts list: `BTCUSDT`. */
  readonly symbol: string;
  readonly marginCoin: string;
  readonly holdSide: HoldSide;
}

/**
 * A position as the exchange last showed it. Without key, margin mode, margin and size there is none: every adjustment needs
 * these. Other figures are absent where they could not be read: they stop only what needs them.
 */
export interface Position extends PositionKey {
  readonly baseCoin: string;
  /** Decimals of a price of this contract; absent where it is in no list. */
  readonly pricePlaces?: number;
  readonly marginMode: "isolated" | "crossed";
  /** Isolated: the margin assigned to the position. Crossed: a figure that moves with the price. */
  readonly margin: Amount;
  readonly total: Size;
  readonly leverage?: Ratio;
  readonly entryPrice?: Price;
  readonly markPrice?: Price;
  /** The exchange's own estimate; absent when it shows none (zero or below), or when it could not be read. */
  readonly liquidationPrice?: Price;
  /** What the exchange shows for a liquidation price could not be read: nobody knows whether there is one. */
  readonly liquidationUnread?: true;
  readonly unrealizedPnl?: Amount;
  /** Maintenance margin rate of the current tier: 0.004 is 0.4 %. */
  readonly maintenanceRate?: Ratio;
  readonly autoMargin?: boolean;
  /** When it was opened, in ms; absent where the exchange does not say. */
  readonly openedAt?: number;
}

/** A contract that can be traded. */
export interface Contract {
  readonly productType: ProductType;
  readonly symbol: string;
  readonly baseCoin: string;
  /** Decimals of a price; absent where they could not be read. */
  readonly pricePlaces?: number;
}

/** What the account has in one margin coin. */
export interface Balance {
  readonly marginCoin: string;
  /** The most that Bitget's answer lets us hope to add: the smaller of `available` and `isolatedMaxAvailable`; absent where neither could be read. */
  readonly free?: Amount;
}

/** What of an account could not be read: a position, one whose name is odd, too, or a whole product line. */
export interface Unread {
  readonly productType: ProductType;
  readonly symbol?: string;
  readonly holdSide?: HoldSide;
  /** Of a whole product line: why it could not be read. */
  readonly failure?: ReadFailure;
}

/** The open positions of an account, and what of them could not be read. */
export interface OpenPositions {
  readonly positions: readonly Position[];
  readonly unread: readonly Unread[];
}

/** The contracts of an account. Where some could not be read, one that is missing may exist all the same. */
export interface ContractList {
  readonly contracts: readonly Contract[];
  readonly isComplete: boolean;
}

/** A step of the maintenance margin rate, by position value in the quote coin. */
export interface Tier {
  readonly from: Decimal<"position value">;
  readonly to?: Decimal<"position value">;
  /** 0.004 is 0.4 %. */
  readonly maintenanceRate: Ratio;
}
