/** An event of the audit table: one step of an adjustment, or a row on its own. */
import type { Direction, Note, Step } from "./adjustment.ts";
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

export const NO_TERMS: Terms = {
  account: "",
  productType: "",
  symbol: "",
  marginCoin: "",
  holdSide: "",
  direction: "",
  amount: "",
};

/** Plain data that is stored as canonical JSON. Numbers are whole; amounts are text. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

export type Detail = { readonly [key: string]: Json | undefined };

export interface Entry {
  /** Empty for rows that belong to no adjustment. */
  readonly adjustment: string;
  readonly step: Step | Note;
  readonly actor: Actor;
  readonly location: ChatLocation;
  readonly terms: Terms;
  /** A refusal, a rejection or Bitget's code: free of language. */
  readonly code: string;
  readonly detail: Detail;
}

/** An entry as it stands in the table. */
export interface AuditEvent extends Entry {
  readonly seq: number;
  /** Milliseconds since 1970, UTC. */
  readonly at: number;
  /** 64 hexadecimal digits. */
  readonly hash: string;
}
