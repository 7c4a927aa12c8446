/** The port to time: one clock for all that is aged, expired, undone, signed and shown. */

/** The machine's two clocks at one moment, in ms: the one that people and servers set, and one that only goes forward. */
export interface Moment {
  readonly wall: number;
  readonly monotonic: number;
}

/** Who says what time it is, besides the machine. */
export type Witness = "bitget" | "telegram";

/** What a witness said, and between which moments it read its clock. */
export interface Testimony {
  readonly asked: Moment;
  readonly heard: Moment;
  /** In ms since 1970; the witness's clock showed this, or up to `coarseMs` more. */
  readonly time: number;
  readonly coarseMs: number;
}

/** The machine's clock, corrected by what others say; between two testimonies only the monotonic one counts. */
export interface Clock {
  /** Milliseconds since 1970, whole. */
  now(): number;
  /** The same by Bitget's own clock, for what Bitget compares with it. */
  exchangeNow(): number;
  /**
   * How far `exchangeNow` may be off, in ms: half the round trip, what it moved in the last hour, and how far the machine's
   * two clocks have parted since where Bitget has to be asked again. Zero while nobody was heard.
   */
  errorMs(): number;
  /** The machine's two clocks as they are. */
  moment(): Moment;
  /** False where that says nothing: the machine slept or its clock was set on the way, or Telegram took too long. */
  hear(witness: Witness, testimony: Testimony): boolean;
  /** Whether the machine slept or its clock was set since Bitget said its time: it has to be asked again. */
  isParted(): boolean;
  /** How far the machine's own clock is ahead of `now`, in ms; below zero it is behind. */
  aheadMs(): number;
}
