/** What every answer of Bitget's is wrapped in, and the plain figures that stand in it. */
import * as z from "zod";
import { readFigure } from "../../margin/model/decimal.ts";

/** A whole number that came as number or text: a time in ms, a level. Never an amount. */
export const count = z.union([z.number(), z.string()]).transform((value, context) => {
  const read = readFigure(String(value)) ?? "";
  if (/^\d{1,15}$/.test(read)) return Number(read);
  context.addIssue("not a whole number");
  return z.NEVER;
});

/**
 * What every answer is wrapped in. A code is digits in text; a number is some other program's answer. Words and time
 * explain an answer: odd ones hide nothing else.
 */
export const envelope = z.object({
  code: z.string().regex(/^\d{1,8}$/),
  msg: z.string().catch(""),
  requestTime: count.optional().catch(undefined),
  data: z.unknown(),
});

/** https://www.bitget.com/api-doc/common/public/Get-Server-Time */
export const serverTimeData = z.object({ serverTime: count });
