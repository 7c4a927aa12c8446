/** Why the exchange said no, and whether that is the whole truth. */

/**
 * Why the exchange said no, free of language: for certain nothing changed. The words for each are in the chat's catalogue.
 * `not_sent` is ours: no byte of the request left this machine.
 */
export const REJECTIONS = [
  "not_sent",
  "symbol",
  "cross_margin",
  "no_position",
  "hold_side",
  "decimals",
  "amount",
  "balance",
  "removing_too_much",
  "leverage",
  "parameter",
  "clock",
  "key",
  "signature",
  "passphrase",
  "ip",
  "permission",
  "restricted",
  "account_mode",
  "environment",
  "request",
  "risk_engine",
  "halted",
] as const;
/**
 * Why the exchange refused a request, free of language: one key for each group of Bitget's codes that calls for one sentence.
 */
export type Rejection = (typeof REJECTIONS)[number];

/** A refusal that may hide a move: the position is not as it was at the look before sending, or cannot be read. */
export interface DoubtfulRefusal {
  readonly why: Rejection;
  readonly position: "differs" | "gone" | "unread";
}
