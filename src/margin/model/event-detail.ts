/** What the row of each step says beyond who, where and what: the parts of its `detail`, by the names they are stored under. */
import type { Note, Step } from "./adjustment.ts";
import type { Origin } from "./amount-origin.ts";
import type { Change } from "./change.ts";
import type { Amount } from "./decimal.ts";
import type { NeedsReview } from "./needs-review.ts";
import type { Refusal } from "./refusal.ts";
import type { DoubtfulRefusal, Rejection } from "./rejection.ts";
import type { ResponseFacts } from "./response-facts.ts";
import type { PositionSnapshot } from "./snapshot.ts";

/** What makes a card: what it can be confirmed by and until when, and what its person was shown the figures of. */
export interface CardFacts {
  /** From this moment (ms) on it can no longer be confirmed. */
  readonly expiresAt: number;
  readonly nonceHash: string;
  readonly seen: PositionSnapshot;
  /** The newest row of the symbol when the look behind `seen` began. */
  readonly newestAtLook: number;
  /** What it would do to the position, estimated when the card was made. */
  readonly change?: Change | undefined;
  /** How the amount came about, where it was not typed as it stands. */
  readonly how?: Origin | undefined;
  /** The amount before its further decimals were cut off. */
  readonly cutFrom?: Amount | undefined;
  /** The adjustment that this one takes back. */
  readonly undoes?: string | undefined;
}

/** What identifies a press at the chat's side. */
export interface PressSource {
  readonly press?: string;
  readonly update?: number;
}

/** A bill as a row names it. */
export interface NotedBill {
  readonly billId: string;
  readonly businessType: string;
  readonly amount: Amount;
  /** In ms of the exchange's clock. */
  readonly cTime: number;
}

/** What was read when an unknown outcome was settled. `marginNow` is null where there was no position. */
export interface Proof {
  readonly marginBefore: Amount;
  readonly marginNow: Amount | null;
  readonly bills: readonly NotedBill[];
}

type Nothing = Readonly<Record<string, never>>;

/** What is written, by step. What is not optional here cannot be forgotten by whoever writes the row. */
export interface Details {
  readonly proposed: CardFacts & { readonly shown: string };
  readonly approved: PressSource;
  readonly confirmed: PressSource;
  readonly cancelled: PressSource;
  readonly expired: Nothing;
  /** `shown`: of an attempt that got no card. Nothing at all after a restart: the row's code says it. */
  readonly refused: { readonly shown?: string; readonly refusal?: Refusal; readonly undoes?: string | undefined };
  readonly sending: {
    /** The exact bytes, and their SHA-256 in hexadecimal. */
    readonly body: string;
    readonly bodySha256: string;
    readonly before: PositionSnapshot;
    /** The newest row of the symbol when the look behind `before` began: the database refuses a look that was overtaken. */
    readonly newestAtLook: number;
    /** The exchange's time, as far as it was known, and how far it may have been off; in ms. */
    readonly serverAt: number;
    readonly clockErrorMs: number;
  };
  readonly accepted: { readonly exchanged: ResponseFacts };
  readonly rejected: { readonly why: Rejection; readonly exchanged: ResponseFacts };
  /** Nothing where the process ended before the answer came. */
  readonly unknown: { readonly refused?: DoubtfulRefusal | undefined; readonly exchanged?: ResponseFacts };
  /** `bill`: the one that settled it, and none other. `reason`: of the person who did it by hand. */
  readonly applied: { readonly bill?: string; readonly evidence?: Proof | undefined; readonly reason?: string };
  readonly not_applied: { readonly evidence?: Proof | undefined; readonly reason?: string };
  readonly role: Nothing;
  readonly frozen: Nothing;
  readonly unfrozen: Nothing;
  readonly restored: {
    readonly bills: readonly (NotedBill & { readonly symbol: string })[];
    /** The number of the row that people were told of, and that the table lacks. */
    readonly missingRow?: number | undefined;
  };
  /** Nothing in the daily anchor. `moved…`: ids of a group before and after it became a supergroup. `adjustment`: a person is called for it. */
  readonly note: {
    readonly movedFrom?: string;
    readonly movedTo?: string;
    readonly adjustment?: string;
    readonly review?: NeedsReview;
  };
}

/** What a row may say: a step of an adjustment, or a note that belongs to none. */
export type RowStep = Step | Note;

/** What is known of a row that was read: rows of older versions lack parts, and what does not fit its step is left out. */
export type Stored<D> = { readonly [Part in keyof D]?: D[Part] | undefined };
