/** Why the exchange may say no, for certain. */

/**
 * Why the exchange said no, free of language: for certain nothing changed. The words for each are in the chat's catalogue.
 * `not_sent` is ours: no byte of the request left this machine.
 */
export type Rejection =
  | "not_sent"
  | "symbol"
  | "cross_margin"
  | "no_position"
  | "hold_side"
  | "decimals"
  | "amount"
  | "balance"
  | "removing_too_much"
  | "leverage"
  | "parameter"
  | "clock"
  | "key"
  | "signature"
  | "passphrase"
  | "ip"
  | "permission"
  | "restricted"
  | "account_mode"
  | "environment"
  | "request"
  | "risk_engine"
  | "halted";
