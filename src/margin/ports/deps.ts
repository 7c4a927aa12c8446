/** What every use case works with: the two ports, the rules of the house, and the world's clock and dice. */
import type { Ratio, Usd } from "../model/decimal.ts";
import type { Trail } from "./audit-trail.ts";
import type { Exchange } from "./exchange.ts";
import type { KillSwitch } from "./kill-switch.ts";

/** Admins are traders too. */
type Role = "admin";

/** The limits of the house, from the environment. */
export interface Rules {
  /** Most that one adjustment may move. */
  readonly perAdjustment: Usd;
  /** The least distance to liquidation that a removal may leave: 0.03 is 3 %. */
  readonly removeFloor: Ratio;
  /** How long a card can be confirmed, in ms. */
  readonly confirmTtlMs: number;
  /** Earliest `not_applied` after sending, in ms. */
  readonly settleWindowMs: number;
}

/** Makes what nobody can guess. */
export interface IdGenerator {
  /** A new adjustment id: lower-case letters and digits, never used before. */
  id(): string;
  /** A single-use secret for the buttons of one card. */
  nonce(): string;
  /** One-way, so that the table never holds a nonce. */
  hash(nonce: string): string;
}

/** What the use cases depend on. Everything of the world comes in here. */
export interface Deps extends Trail {
  readonly exchange: Exchange;
  readonly rules: Rules;
  readonly killSwitch: KillSwitch;
  readonly ids: IdGenerator;
  /** Milliseconds since 1970, corrected: see `Clock`. */
  readonly now: () => number;
  /** The same for whoever ages or confirms something: asks Bitget first where the machine slept or its clock was set. */
  readonly sureNow: () => Promise<number>;
  /** Milliseconds of a clock that only goes forward: for how long ago something was. */
  readonly monotonic: () => number;
  /** Resolves after so many ms of the world's time. */
  readonly pause: (ms: number) => Promise<void>;
  /** Undefined: not a member. Asked anew at every adjustment, as a role may be taken away at any time. */
  readonly roleOf: (userId: string) => Role | undefined;
  /** True once the process is going down: nothing new is confirmed. */
  readonly closing: () => boolean;
}
