/** The figures that a row may hold, each with the schema that it must fit. */
import { z } from "zod";
import type { Origin } from "../margin/model/amount-origin.ts";
import { type Change, type Estimate, NO_ESTIMATES, type Risk } from "../margin/model/change.ts";
import { type Amount, isDecimal, type Price, type Ratio, type Size } from "../margin/model/decimal.ts";
import type { NotedBill } from "../margin/model/event-detail.ts";
import { DRIFTS } from "../margin/model/refusal.ts";
import type { ResponseFacts } from "../margin/model/response-facts.ts";
import type { PositionSnapshot } from "../margin/model/snapshot.ts";

/** A schema for each part of `T`: the compiler refuses a shape that leaves one out. */
export type Shape<T> = { readonly [Part in keyof T]-?: z.ZodType<T[Part]> };

/** A shape for each kind of the union `T`, which is told by its part `D`: none can be left out. */
export type Kinds<T, D extends keyof T> = {
  readonly [Kind in T[D] & string]: Shape<Omit<Extract<T, Readonly<Record<D, Kind>>>, D>>;
};

/** The schema of a union whose kinds have these shapes. */
export function oneOf<T, D extends keyof T & string>(by: D, kinds: Kinds<T, D>): z.ZodType<T> {
  const [first, ...others] = Object.entries<z.ZodRawShape>(kinds).map(([kind, shape]) =>
    z.object({ [by]: z.literal(kind), ...shape }),
  );
  if (first === undefined) throw new Error("a union of nothing");
  // `Kinds` has checked each of them against `T`; the library cannot know it of shapes that come out of a record.
  return z.discriminatedUnion(by, [first, ...others]) as unknown as z.ZodType<T>;
}

const text = z.string();
const number = z.number();
/** An amount of the margin coin: exact decimal text. */
export const amount = z.custom<Amount>(isDecimal);
/** A ratio: exact decimal text; 0.03 is 3 %. */
export const ratio = z.custom<Ratio>(isDecimal);
const price = z.custom<Price>(isDecimal);
const size = z.custom<Size>(isDecimal);

/** The position and the free balance as one look found them. */
export const snapshot = z.object({
  at: number,
  baseCoin: text,
  marginMode: z.enum(["isolated", "crossed"]),
  margin: amount,
  total: size,
  leverage: ratio.exactOptional(),
  openedAt: number.exactOptional(),
  entryPrice: price.exactOptional(),
  markPrice: price.exactOptional(),
  liquidationPrice: price.exactOptional(),
  liquidationUnread: z.literal(true).exactOptional(),
  pricePlaces: number.exactOptional(),
  free: amount.exactOptional(),
} satisfies Shape<PositionSnapshot>);

const estimate = oneOf<Estimate, "kind">("kind", {
  price: { price },
  none: {},
  not_estimated: { why: z.enum(NO_ESTIMATES) },
});

// Stored JSON has no `undefined`: what is not there there is said to be undefined here.
const risk = z
  .object({
    margin: amount,
    liquidation: estimate,
    distance: ratio.optional(),
    leverage: ratio.optional(),
  } satisfies Shape<Risk>)
  .transform((parts): Risk => ({ distance: undefined, leverage: undefined, ...parts }));

/** What the card said would change: risk before and after, and the free balance that is left. */
export const change = z.object({
  before: risk,
  after: risk,
  freeAfter: amount.exactOptional(),
} satisfies Shape<Change>);

const part = { of: z.enum(["free", "removable"]), whole: amount };

/** How the amount of a card came about. */
export const origin = oneOf<Origin, "kind">("kind", {
  typed: {},
  share: { share: ratio, ...part },
  max: { reserve: ratio, ...part },
  target: { margin: amount },
  times: { factor: ratio, margin: amount },
  liquidation: { price, margin: amount },
  distance: { ratio, margin: amount },
  again: { what: z.enum(DRIFTS), before: text, now: text },
});

/** What the exchange answered: HTTP status, code, words and times, as far as there were any. */
export const facts = z.object({
  httpStatus: number.exactOptional(),
  code: text.exactOptional(),
  message: text.exactOptional(),
  requestTime: number.exactOptional(),
  signedAt: number.exactOptional(),
  endedAt: number.exactOptional(),
  fault: text.exactOptional(),
} satisfies Shape<ResponseFacts>);

/** A bill that a row names as its evidence. */
export const bill = { billId: text, businessType: text, amount, cTime: number } satisfies Shape<NotedBill>;
