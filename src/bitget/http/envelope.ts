/** What every answer of Bitget's is wrapped in, and the plain figures that stand in it. */
import * as z from "zod";

/** A whole number that came as number or text: a time in ms, a level. Never an amount. */
export const count = z.union([z.number().int(), z.string().regex(/^\d{1,15}$/)]).transform((value) => Number(value));

/** What every answer is wrapped in. A code is digits in text; a number is some other program's answer. */
export const envelope = z.object({
  code: z.string().regex(/^\d{1,8}$/),
  msg: z
    .string()
    .nullish()
    .transform((text) => text ?? ""),
  requestTime: count.optional().transform((value): number | undefined => value),
  data: z.unknown(),
});

/** https://www.bitget.com/api-doc/common/public/Get-Server-Time */
export const serverTimeData = z.object({ serverTime: count });
