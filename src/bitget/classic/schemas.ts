/**
 * What Bitget's answers look like. Unknown fields are let through; a figure comes as text, sometimes as a JSON number
 * (`leverage`, seen live 2026-08), sometimes with an exponent, and an absent one as empty text or null.
 */
import * as z from "zod";
import { type Decimal, readFigure, sign } from "../../margin/model/decimal.ts";
import type { Bill } from "../../margin/ports/exchange.ts";
import { count } from "../http/envelope.ts";
import { type AnswerRow, row } from "../http/rows.ts";

function figure<U extends string>(): z.ZodType<Decimal<U>> {
  return z.unknown().transform((value, context) => {
    const read = typeof value === "string" || typeof value === "number" ? readFigure<U>(String(value)) : undefined;
    if (read !== undefined) return read;
    context.addIssue("not a decimal");
    return z.NEVER;
  });
}

function blankable<T>(schema: z.ZodType<T>): z.ZodType<T | undefined> {
  return z.preprocess((value) => (value === "" || value === null ? undefined : value), schema.optional());
}

const name = z.string().min(1);
const upperCase = name.transform((text) => text.toUpperCase());
const plainText = z.union([name, z.number().int()]).transform((value) => String(value));
const amount = figure<"margin coin">();

const positionFields = {
  symbol: upperCase,
  marginCoin: upperCase,
  holdSide: z.enum(["long", "short"]),
  marginMode: z.enum(["isolated", "crossed"]),
  marginSize: amount,
  total: figure<"base coin">(),
  leverage: figure<"ratio">(),
  openPriceAvg: figure<"price">(),
  markPrice: figure<"price">(),
  liquidationPrice: figure<"price">(),
  unrealizedPL: amount,
  keepMarginRate: figure<"ratio">(),
  autoMargin: z.enum(["on", "off"]),
  // Of no consequence for money, and not in every sample of Bitget's.
  cTime: blankable(count),
};
type PositionFields = { readonly [Name in keyof typeof positionFields]: z.output<(typeof positionFields)[Name]> };
/** A row of https://www.bitget.com/api-doc/contract/position/get-single-position, the same in the list of all. */
export type PositionRow = AnswerRow<PositionFields>;

/** True for a row without size: it is no position, whatever else stands in it. */
export function isEmpty({ fields: { total } }: PositionRow): boolean {
  return total !== undefined && sign(total) === 0;
}

/** Rows of positions, each with what of it could be read. */
export const positionsData = z.array(
  row(positionFields).transform((read) => (isEmpty(read) ? { ...read, odd: [] } : read)),
);

/** https://www.bitget.com/api-doc/contract/account/Get-Single-Account */
export const accountData = row({ available: amount, isolatedMaxAvailable: amount });

/** https://www.bitget.com/api-doc/contract/market/Get-All-Symbols-Contracts */
export const contractsData = z.array(row({ symbol: upperCase, baseCoin: name, pricePlace: count }));

const billFields = {
  billId: plainText,
  symbol: blankable(upperCase),
  amount,
  businessType: name,
  coin: upperCase,
  cTime: count,
};

/** A bill about margin belongs to a contract: one that names none has not been read. */
function withSymbol({ fields, odd }: AnswerRow<Bill>): AnswerRow<Bill> {
  if (fields.symbol !== undefined || odd.includes("symbol")) return { fields, odd };
  const { businessType } = fields;
  const mayBeMargin = businessType === undefined || businessType.includes("margin");
  return mayBeMargin ? { fields, odd: [...odd, "symbol"] } : { fields: { ...fields, symbol: "" }, odd };
}

/** https://www.bitget.com/api-doc/contract/account/Get-Account-Bill */
export const billsData = z.object({
  bills: z.array(row(billFields).transform((read) => withSymbol(read as AnswerRow<Bill>))).nullable(),
  endId: blankable(plainText).catch(undefined),
});

/**
 * https://www.bitget.com/api-doc/contract/position/Get-Query-Position-Lever
 * All rows or none: with one left out, the maintenance rate of its values would be taken for a lower one.
 */
export const tiersData = z.array(
  z.object({
    startUnit: figure<"position value">(),
    endUnit: blankable(figure<"position value">()).catch(undefined),
    keepMarginRate: figure<"ratio">(),
  }),
);
