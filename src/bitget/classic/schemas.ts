/**
 * What Bitget's answers look like. Unknown fields are let through; a figure comes as text, sometimes as a JSON number
 * (`leverage`, seen live 2026-08), and an absent one as empty text.
 */
import * as z from "zod";
import {
  type Amount,
  type Decimal,
  type Price,
  type Ratio,
  readDecimal,
  type Size,
} from "../../margin/model/decimal.ts";
import { count } from "../http/envelope.ts";

/** A JSON number of more digits has lost some on its way through a float. */
const FLOAT_DIGITS_MAX = 15;

function exactText(value: string | number): string {
  if (typeof value === "string") return value;
  const text = String(value);
  return text.replace(/\D/g, "").length > FLOAT_DIGITS_MAX ? "" : text;
}

function figure<U extends string>(): z.ZodType<Decimal<U>> {
  return z.union([z.string(), z.number()]).transform((value, context) => {
    const read = readDecimal<U>(exactText(value));
    if (read !== undefined) return read;
    context.addIssue("not a plain decimal");
    return z.NEVER;
  });
}

const amount = figure<"margin coin">() satisfies z.ZodType<Amount>;
const price = figure<"price">() satisfies z.ZodType<Price>;
const size = figure<"base coin">() satisfies z.ZodType<Size>;
const ratio = figure<"ratio">() satisfies z.ZodType<Ratio>;

function blankable<T>(schema: z.ZodType<T>): z.ZodType<T | undefined> {
  return z.preprocess((value) => (value === "" || value === null ? undefined : value), schema.optional());
}

const upperCase = z.string().transform((text) => text.toUpperCase());
const plainText = z.union([z.string(), z.number().int()]).transform((value) => String(value));
/** A row of https://www.bitget.com/api-doc/contract/position/get-single-position, the same in the list of all. */
const positionRow = z.object({
  symbol: upperCase,
  marginCoin: upperCase,
  holdSide: z.enum(["long", "short"]),
  marginMode: z.enum(["isolated", "crossed"]),
  marginSize: amount,
  total: size,
  leverage: ratio,
  openPriceAvg: price,
  markPrice: price,
  liquidationPrice: blankable(price),
  unrealizedPL: amount,
  keepMarginRate: ratio,
  autoMargin: z.string(),
  // Of no consequence for money: a position without it is still a position.
  cTime: count.optional().catch(undefined),
});
/** A position as Bitget's row says it, with decimals as text. */
export type PositionRow = z.infer<typeof positionRow>;
/** Rows of positions. A row that misses what money hangs on makes the whole answer unreadable. */
export const positionsData = z.array(positionRow);

/** https://www.bitget.com/api-doc/contract/account/Get-Single-Account */
export const accountData = z.object({ available: amount, isolatedMaxAvailable: amount });

/** https://www.bitget.com/api-doc/contract/market/Get-All-Symbols-Contracts */
export const contractsData = z.array(
  z.object({
    symbol: upperCase,
    baseCoin: z.string(),
    pricePlace: count,
  }),
);

/** https://www.bitget.com/api-doc/contract/account/Get-Account-Bill */
export const billsData = z.object({
  bills: z
    .array(
      z.object({
        billId: plainText,
        symbol: z
          .string()
          .nullish()
          .transform((text) => (text ?? "").toUpperCase()),
        amount,
        fee: blankable(amount),
        businessType: z.string(),
        coin: upperCase,
        balance: blankable(amount),
        cTime: count,
      }),
    )
    .nullable(),
  endId: blankable(plainText),
});

/** https://www.bitget.com/api-doc/contract/position/Get-Query-Position-Lever */
export const tiersData = z.array(
  z.object({
    startUnit: figure<"position value">(),
    endUnit: figure<"position value">(),
    keepMarginRate: ratio,
  }),
);
