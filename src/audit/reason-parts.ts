/** Why nothing was done, as a row may hold it: our own no and the exchange's, each with the schema that it must fit. */
import { z } from "zod";
import { NEXT_STEPS, type Step } from "../margin/model/adjustment.ts";
import { NO_ESTIMATES } from "../margin/model/change.ts";
import { isDecimal, type Usd } from "../margin/model/decimal.ts";
import { DRIFTS, FIGURES, type Refusal } from "../margin/model/refusal.ts";
import { type DoubtfulRefusal, REJECTIONS } from "../margin/model/rejection.ts";
import { amount, facts, oneOf, ratio, type Shape } from "./detail-parts.ts";

const text = z.string();
const usd = z.custom<Usd>(isDecimal);
const step = z.literal(Object.keys(NEXT_STEPS) as Step[]);
const sides = ["long", "short"] as const;

/** Why the exchange refused. */
export const why = z.enum(REJECTIONS);

/** A refusal that may hide a move: why, and what became of the position. */
export const doubt = z.object({
  why,
  // A version that was never released wrote `moved` for what is `differs` now.
  position: z.preprocess((stored) => (stored === "moved" ? "differs" : stored), z.enum(["differs", "gone", "unread"])),
} satisfies Shape<DoubtfulRefusal>);

/** Why this bot refused, with the figures that belong to each reason. */
export const refusalShape = oneOf<Refusal, "code">("code", {
  unknown_symbol: { symbol: text },
  no_position: { symbol: text, holdSide: z.enum([...sides, ""]) },
  cross_margin: { symbol: text, holdSide: z.enum(sides) },
  zero: {},
  decimals: { marginCoin: text, decimalsMax: z.number() },
  over_limit: { limit: usd, value: usd },
  balance: { free: amount, marginCoin: text },
  whole_margin: { margin: amount, marginCoin: text },
  remove_floor: { floor: ratio, distance: ratio.optional() },
  no_bound: { why: z.enum(NO_ESTIMATES), missing: z.array(z.enum(FIGURES)).exactOptional() },
  no_mark: {},
  locked: { open: text, step },
  unreadable: {
    why: z.enum([...REJECTIONS, "no_answer"]),
    exchanged: facts.exactOptional(),
    name: text.exactOptional(),
  },
  changed: { what: z.enum(DRIFTS), before: text, now: text },
  overtaken: {},
  other_account: {},
  nothing_to_undo: {},
  undone: {},
  broken: {},
  frozen: {},
  waited: {},
  table_busy: {},
  closing: {},
  restart: {},
  not_member: {},
  called_off: {},
});
