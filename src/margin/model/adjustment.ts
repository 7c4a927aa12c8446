/** What a margin adjustment is, and the steps it takes. */
import type { Amount } from "./decimal.ts";
import type { PositionKey } from "./position.ts";

/** Which way margin goes: into the position, or out of it. */
export type Direction = "add" | "remove";

/** One intended change of one position's margin. */
export interface MarginAdjustment {
  readonly id: string;
  readonly position: PositionKey;
  readonly direction: Direction;
  /** Above zero, in the margin coin. */
  readonly amount: Amount;
}

/** The steps of an adjustment and where each may lead; a step that leads nowhere is an end. */
export const NEXT_STEPS = {
  proposed: ["approved", "confirmed", "cancelled", "expired", "refused"],
  approved: ["approved", "confirmed", "cancelled", "expired", "refused"],
  confirmed: ["sending", "refused"],
  sending: ["accepted", "rejected", "unknown"],
  unknown: ["applied", "not_applied"],
  cancelled: [],
  expired: [],
  refused: [],
  accepted: [],
  rejected: [],
  applied: [],
  not_applied: [],
} as const satisfies Record<string, readonly string[]>;

/** Where an adjustment stands: what its newest row says. */
export type Step = keyof typeof NEXT_STEPS;

/** A step that leads on. Few adjustments stand at one at a time. */
export type OpenStep = { [S in Step]: (typeof NEXT_STEPS)[S] extends readonly [] ? never : S }[Step];

/** An adjustment begins with a card, or ends at once because it got none. */
export const FIRST_STEPS = ["proposed", "refused"] as const satisfies readonly Step[];

/** Rows that belong to no adjustment. */
export const NOTES = ["role", "frozen", "unfrozen", "restored", "note"] as const;
/** The step of a row that belongs to no adjustment. */
export type Note = (typeof NOTES)[number];

/** The margin was moved, for certain. */
export const DONE_STEPS = ["accepted", "applied"] as const satisfies readonly Step[];

/** While an adjustment is here nobody knows whether its money moved, and its symbol is locked. */
export const IN_FLIGHT_STEPS = ["sending", "unknown"] as const satisfies readonly Step[];
