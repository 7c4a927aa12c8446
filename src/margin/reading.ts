/** Reads what people type: an amount, or a whole line. Nothing is guessed: what is not plain is a named fault. */
import type { Direction } from "./adjustment.ts";
import { type Amount, abs, places, readDecimal, sign } from "./decimal.ts";
import type { HoldSide } from "./position.ts";

/** Longest text that is looked at. */
const TEXT_MAX = 64;
/** Digits before the point: a trillion is nobody's margin. */
const WHOLE_DIGITS_MAX = 12;

/** Minus signs and dashes that phones put in front of a number, for use in a character class: U+2010 to 2015, 2212. */
const MINUS = "\\-\u2010\u2011\u2012\u2013\u2014\u2015\u2212";
const NUMBER = new RegExp(`^([+${MINUS}]?)\\s?(\\$?)(\\d+(?:\\.\\d+)?|\\.\\d+)\\s?(\\$?)([A-Za-z]*)$`);
const SIDES: ReadonlyMap<string, HoldSide> = new Map([
  ["long", "long"],
  ["short", "short"],
]);

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

function coinFits(dollars: string, word: string, { marginCoin }: Coin): boolean {
  const isDollar = marginCoin === "USDT" || marginCoin === "USDC";
  if (dollars !== "" && (!isDollar || word !== "" || dollars.length > 1)) return false;
  return word === "" || word.toUpperCase() === marginCoin;
}

/** An amount as typed: `50`, `+50`, `-0.5`, `−20 usdt`, `$20`. Never another number than the one that stands there. */
export function readAmount(text: string, coin: Coin): AmountRead {
  const trimmed = text.trim();
  if (trimmed.length > TEXT_MAX) return { ok: false, fault: "too_long" };
  const [, signs = "", before = "", digits = "", behind = "", word = ""] = NUMBER.exec(trimmed) ?? [];
  const amount = readDecimal<"margin coin">(digits);
  if (amount === undefined) return { ok: false, fault: "not_a_number" };
  if ((digits.split(".")[0] ?? "").length > WHOLE_DIGITS_MAX) return { ok: false, fault: "too_long" };
  if (!coinFits(before + behind, word, coin)) return { ok: false, fault: "other_coin" };
  if (sign(amount) === 0) return { ok: false, fault: "zero" };
  if (places(amount) > coin.decimalsMax) return { ok: false, fault: "decimals" };
  const direction = signs === "" ? undefined : signs === "+" ? "add" : "remove";
  return { ok: true, amount: abs(amount), direction };
}

/** What a line says; what it does not say is absent. The amount is text still: its coin is not known yet. */
export type LineRead =
  | { readonly ok: true; readonly symbol?: string; readonly holdSide?: HoldSide; readonly amount?: string }
  | { readonly ok: false; readonly fault: "too_long" | "two_symbols" | "two_sides" | "two_amounts" };

const COIN_WORD = /^(?:usdt|usdc|\$)$/i;
const STARTS_A_NUMBER = new RegExp(`^[+${MINUS}$.]*\\s?\\d`);
const SIGN_ALONE = new RegExp(`^[+${MINUS}]$`);

// `- 20`, `20 usdt` and `20 $` are one amount each.
function joined(words: readonly string[]): string[] {
  const parts: string[] = [];
  for (const word of words) {
    const last = parts.at(-1) ?? "";
    const continues = SIGN_ALONE.test(last) || (COIN_WORD.test(word) && STARTS_A_NUMBER.test(last));
    if (continues) parts[parts.length - 1] = `${last} ${word}`;
    else parts.push(word);
  }
  return parts;
}

/** A line such as `btc long -20`: symbol, side and amount in any order, each at most once. */
export function readLine(text: string): LineRead {
  if (text.length > TEXT_MAX) return { ok: false, fault: "too_long" };
  const line: { symbol?: string; holdSide?: HoldSide; amount?: string } = {};
  for (const part of joined(text.split(/\s+/).filter((word) => word !== ""))) {
    const side = SIDES.get(part.toLowerCase());
    if (side !== undefined) {
      if (line.holdSide !== undefined) return { ok: false, fault: "two_sides" };
      line.holdSide = side;
    } else if (STARTS_A_NUMBER.test(part) && !isSymbolWithDigits(part)) {
      if (line.amount !== undefined) return { ok: false, fault: "two_amounts" };
      line.amount = part;
    } else if (line.symbol !== undefined) {
      return { ok: false, fault: "two_symbols" };
    } else {
      line.symbol = part;
    }
  }
  return { ok: true, ...line };
}

// Contracts such as 1000PEPE begin with digits; an amount with a coin ends in the name of a margin coin.
function isSymbolWithDigits(word: string): boolean {
  return /^\d+[A-Za-z]{2,}/.test(word) && !/^\d+(?:usdt|usdc)$/i.test(word) && /[A-Za-z]{3,}/.test(word);
}
