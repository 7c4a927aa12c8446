/** The port to the exchange: what the core asks of it, and how it may answer. */
import type { MarginAdjustment } from "../model/adjustment.ts";
import type { Amount } from "../model/decimal.ts";
import type {
  Balance,
  ContractList,
  OpenPositions,
  Position,
  PositionKey,
  ProductType,
  Tier,
} from "../model/position.ts";
import type { DoubtfulRefusal, Rejection } from "../model/rejection.ts";
import type { ReadFailure, ResponseFacts } from "../model/response-facts.ts";

/**
 * How far a refused request had come. `not_sent`: no byte of it left this machine. `door`: refused for its key, address,
 * signature, time or rights, before anything could be carried out. `execution`: refused while it was being carried out.
 */
type RefusedAt = "not_sent" | "door" | "execution";

/** What came of the one call that moves margin. */
export type Answer =
  | { readonly kind: "accepted"; readonly exchanged: ResponseFacts }
  /** This request changed nothing, for certain. Whether it was the only one of its kind, `checkRefusal` looks. */
  | {
      readonly kind: "rejected";
      readonly why: Rejection;
      readonly stage: RefusedAt;
      readonly exchanged: ResponseFacts;
    }
  /** It may or may not have been applied. */
  | { readonly kind: "unknown"; readonly refused?: DoubtfulRefusal; readonly exchanged: ResponseFacts };

/** A figure that was read, or why there is none. A failed read says nothing about the position. */
export type Reading<T> = { readonly ok: true; readonly value: T } | ({ readonly ok: false } & ReadFailure);

/** The exact request of one adjustment: what is stored before it is sent is what is sent. */
export interface SetMarginRequest {
  readonly account: string;
  /** The JSON text, byte for byte. */
  readonly body: string;
  /** Hexadecimal SHA-256 of `body`. */
  readonly bodySha256: string;
}

/** Leave to make one call that moves margin, now. Good for one use. */
export interface RatePermit {
  readonly account: string;
}

/** A movement on the futures account. It names neither side nor position nor who asked for it. */
export interface Bill {
  readonly billId: string;
  /** Empty where the movement belongs to no contract. */
  readonly symbol: string;
  readonly coin: string;
  readonly amount: Amount;
  /** `append_margin`, `reduce_margin`, `auto_append_margin` and so on, as Bitget names it. */
  readonly businessType: string;
  /** In ms of the exchange's clock. */
  readonly cTime: number;
}

/** What of a bill could be read, where something of it could not: it may be any bill that has just these. */
export type UnreadBill = Partial<Bill>;

/** Which bills to read: those of a product type, from `startTime` on, newest first. */
export interface BillsQuery {
  readonly productType: ProductType;
  /** In ms of the exchange's clock. */
  readonly startTime: number;
  readonly endTime?: number;
  /** The `endId` of the page before. */
  readonly idLessThan?: string;
  /** At most 100. */
  readonly limit: number;
}

/** A page of bills, newest first, and where the next one begins. */
export interface BillsPage {
  readonly bills: readonly Bill[];
  readonly unread: readonly UnreadBill[];
  /** Where the next, older page begins; absent on an empty page. */
  readonly endId?: string | undefined;
}

/** The exchange as the core sees it. Expected failures are values; methods reject for bugs alone. */
export interface Exchange {
  /** Accounts that can be adjusted here, by the names that the audit table uses. */
  readonly accounts: readonly string[];
  /** Whether positions of this account and kind of contract are adjusted here. Others can be read, and no more. */
  serves(key: Pick<PositionKey, "account" | "productType">): boolean;
  /** How long a call is waited for, in ms. */
  readonly timeoutMs: number;
  /** Decimals that an amount of this coin may have (4 for USDT and USDC, 8 for coins). */
  decimals(marginCoin: string): number;
  /**
   * All open positions; what of them cannot be read is named and hides no other. Several who ask at the same moment share one read, which may have begun a moment before: for lists
   * and for finding what is meant, never for the look before sending nor as evidence.
   */
  positions(account: string): Promise<Reading<OpenPositions>>;
  /** The position now, by a read that begins with this call; undefined when the exchange says that there is none. */
  position(key: PositionKey): Promise<Reading<Position | undefined>>;
  balance(key: PositionKey): Promise<Reading<Balance>>;
  /** The contracts of the account's product types, at most an hour old. */
  contracts(account: string): Promise<Reading<ContractList>>;
  /** The maintenance tiers of a contract, at most an hour old. */
  tiers(account: string, productType: ProductType, symbol: string): Promise<Reading<readonly Tier[]>>;
  /** By a read that begins with this call. */
  bills(account: string, query: BillsQuery): Promise<Reading<BillsPage>>;
  /** The exchange's time now, in ms, as far as it is known. */
  serverNow(): number;
  /** Compares the clocks again. Resolves whatever comes of it. */
  syncClock(): Promise<void>;
  /** How far `serverNow` may be off, in ms. */
  clockErrorMs(): number;
  buildRequest(adjustment: MarginAdjustment): SetMarginRequest;
  /** The next free place in the budget of set-margin; undefined when none came within 120 s. */
  takePermit(account: string): Promise<RatePermit | undefined>;
  /**
   * Signs and sends the request once, and never repeats it. `signedAt` is the timestamp that its row `sending` says: the
   * exchange refuses it 30 s later, however long the process slept in between. Throws only before anything leaves, for a request or a permit
   * that this exchange did not make: a bug. `mayStart` is asked at the last moment: if not, nothing was sent.
   */
  adjustMargin(
    request: SetMarginRequest,
    permit: RatePermit,
    signedAt: number,
    mayStart?: () => boolean,
  ): Promise<Answer>;
}
