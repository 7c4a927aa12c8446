/** An event of the audit table: one step of an adjustment, or a row on its own. */
import type { Direction } from "./adjustment.ts";
import type { Details, RowStep, Stored } from "./event-detail.ts";
import type { HoldSide, ProductType } from "./position.ts";

/** Who did it: the numeric user id as text, and the name at that time. */
export interface Actor {
  readonly id: string;
  readonly name: string;
}

/** The bot's own steps. */
export const BOT: Actor = { id: "bot", name: "" };

/** Where it happened; empty text where there is none. */
export interface ChatLocation {
  readonly chat: string;
  readonly topic: string;
  readonly message: string;
}

/** Where a row was made that belongs to no chat. */
export const NOWHERE: ChatLocation = { chat: "", topic: "", message: "" };

/** What is adjusted, as far as it is known: an attempt with a wrong symbol knows little. Empty text is "not known". */
export interface Terms {
  readonly account: string;
  readonly productType: ProductType | "";
  readonly symbol: string;
  readonly marginCoin: string;
  readonly holdSide: HoldSide | "";
  readonly direction: Direction | "";
  readonly amount: string;
}

/** The terms of a row that is about no adjustment. */
export const NO_TERMS: Terms = {
  account: "",
  productType: "",
  symbol: "",
  marginCoin: "",
  holdSide: "",
  direction: "",
  amount: "",
};

interface RowFacts {
  /** Empty for rows that belong to no adjustment. */
  readonly adjustment: string;
  readonly actor: Actor;
  readonly location: ChatLocation;
  readonly terms: Terms;
  /** A refusal, a rejection or Bitget's code: free of language. */
  readonly code: string;
}

/** A row of this step as it is written. */
export interface EntryOf<S extends RowStep> extends RowFacts {
  readonly step: S;
  /** Plain data: whole numbers, amounts as text. It is stored as canonical JSON. */
  readonly detail: Details[S];
}

/** What is appended: a row without what the table gives it (number, time, hash). */
export type Entry = { readonly [S in RowStep]: EntryOf<S> }[RowStep];

interface Stood extends RowFacts {
  readonly seq: number;
  /** Milliseconds since 1970, UTC. */
  readonly at: number;
  /** 64 hexadecimal digits. */
  readonly hash: string;
}

/** A row of this step as it stands in the table. */
export interface EventOf<S extends RowStep> extends Stood {
  readonly step: S;
  readonly detail: Stored<Details[S]>;
}

/** A row of a step that this version does not know: it can be listed, and nothing is read from it. */
interface UndecodedEvent extends Stood {
  readonly step: "undecoded";
  readonly detail: Stored<object>;
}

/** A row as it was read. By its `step` the detail is typed; of a step that nobody knows the detail is left out. */
export type AuditEvent = { readonly [S in RowStep]: EventOf<S> }[RowStep] | UndecodedEvent;
