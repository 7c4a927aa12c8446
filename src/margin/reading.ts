/**
 * The first, narrower way to read amounts and lines, kept until its callers take wishes: see reading-line.ts and
 * reading-resolve.ts. What this form cannot say (a share, a goal, a question) is refused here.
 */
import type { Direction } from "./adjustment.ts";
import { type Amount, places } from "./decimal.ts";
import type { HoldSide } from "./position.ts";
import { readLine as readWholeLine, readWish } from "./reading-line.ts";
import { coinFits } from "./reading-resolve.ts";
import { type FaultKey, printWish, type Said } from "./reading-wish.ts";

export type AmountFault = "not_a_number" | "too_long" | "zero" | "other_coin" | "decimals";

export type AmountRead =
  | {
      readonly ok: true;
      readonly amount: Amount;
      /** What the sign said; undefined: there was none. */
      readonly direction: Direction | undefined;
    }
  | { readonly ok: false; readonly fault: AmountFault };

/** The margin coin of the position, and how many decimals an amount of it may have. */
export interface Coin {
  readonly marginCoin: string;
  readonly decimalsMax: number;
}

/** An amount as typed: `50`, `+50`, `-0.5`, `−20 usdt`, `$20`. Never another number than the one that stands there. */
export function readAmount(text: string, { marginCoin, decimalsMax }: Coin): AmountRead {
  const reading = readWish(text);
  if (reading.kind === "fault") {
    return {
      ok: false,
      fault: reading.fault === "too_long" || reading.fault === "zero" ? reading.fault : "not_a_number",
    };
  }
  if (reading.kind === "ask" || reading.wish.kind !== "amount") return { ok: false, fault: "not_a_number" };
  const { direction, digits, coin } = reading.wish;
  if (!coinFits(coin, marginCoin)) return { ok: false, fault: "other_coin" };
  if (places(digits) > decimalsMax) return { ok: false, fault: "decimals" };
  return { ok: true, amount: digits as Amount, direction };
}

/** What a line says; what it does not say is absent. The amount is text still: its coin is not known yet. */
export type LineRead =
  | { readonly ok: true; readonly symbol?: string; readonly holdSide?: HoldSide; readonly amount?: string }
  | { readonly ok: false; readonly fault: "too_long" | "two_symbols" | "two_sides" | "two_amounts" };

function lineFault(key: FaultKey): (LineRead & { ok: false })["fault"] {
  return key === "too_long" || key === "two_sides" || key === "two_amounts" ? key : "two_symbols";
}

// An ambiguous number is handed on so that reading it as an amount refuses it.
function amountText(said: Said): string {
  return said.kind === "wish" ? printWish(said.wish) : "?";
}

/** A line such as `btc long -20`: symbol, side and amount in any order, each at most once. */
export function readLine(text: string): LineRead {
  const line = readWholeLine(text);
  if (line.kind === "fault") return { ok: false, fault: lineFault(line.fault) };
  const { symbol, holdSide, said, direction } = line;
  if (direction !== undefined) return { ok: false, fault: "two_symbols" };
  return {
    ok: true,
    ...(symbol === undefined ? {} : { symbol }),
    ...(holdSide === undefined ? {} : { holdSide }),
    ...(said === undefined ? {} : { amount: amountText(said) }),
  };
}
