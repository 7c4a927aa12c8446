/**
 * Exact amounts: decimal text that carries its unit in the type.
 *
 * Text passes unchanged through Bitget's JSON, a TEXT column and a stored conversation; a float or a decimal object
 * would not. All arithmetic is here, and the decimal library is seen by this file alone.
 */
import Big from "big.js";

declare const unit: unique symbol;

/** Canonical decimal text: optional `-`, digits, optional fraction without trailing zeros. Never an exponent. */
export type Decimal<Unit extends string = string> = string & { readonly [unit]: Unit };
/** An amount of the margin coin of the position at hand. */
export type Amount = Decimal<"margin coin">;
/** A price in the quote coin of the contract. */
export type Price = Decimal<"price">;
/** A position size in the base coin. */
export type Size = Decimal<"base coin">;
/** A plain number: a rate (0.004 is 0.4 %), a leverage, a percentage. */
export type Ratio = Decimal<"ratio">;
/** US dollars, the unit of limits. */
export type Usd = Decimal<"USD">;

/** Longest text that is read as a number: Bitget prints at most about 30 characters. */
const LENGTH_MAX = 64;
/** Digits kept by a division before the caller rounds. */
const DIVISION_PLACES = 40;
const PLAIN = /^-?(?:\d+(?:\.\d*)?|\.\d+)$/;
const EXPONENT = /^(.*\d.*)[eE]([+-]?\d{1,3})$/;
const CANONICAL = /^-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?$/;

const Exact = Big();
Exact.DP = DIVISION_PLACES;
Exact.RM = Exact.roundDown;

function print<U extends string>(value: Big): Decimal<U> {
  const text = value.toFixed();
  return (text.startsWith("-") && value.eq(0) ? text.slice(1) : text) as Decimal<U>;
}

/** The number that plain ASCII digits say (`20`, `-0.5`, `.5`), in canonical form; undefined for anything else. */
export function readDecimal<U extends string>(text: string): Decimal<U> | undefined {
  if (text.length > LENGTH_MAX || !PLAIN.test(text)) return undefined;
  if (isDecimal<U>(text)) return text;
  const padded = text.replace(/^(-?)\./, "$10.").replace(/\.$/, "");
  return print<U>(new Exact(padded));
}

/** The number that a program printed: the same, and with an exponent (`1.2E-7`), exactly; undefined for anything else. */
export function readFigure<U extends string>(text: string): Decimal<U> | undefined {
  const [, mantissa, exponent] = (text.length > LENGTH_MAX ? undefined : EXPONENT.exec(text)) ?? [];
  if (mantissa === undefined) return readDecimal(text);
  // A few characters must not become a text of any length.
  if (Math.abs(Number(exponent)) > LENGTH_MAX) return undefined;
  const read = readDecimal(mantissa);
  return read && print<U>(new Exact(`${read}e${exponent}`));
}

/** Whether this is decimal text as it is stored: in canonical form, of any length. */
export function isDecimal<U extends string>(value: unknown): value is Decimal<U> {
  return typeof value === "string" && value !== "-0" && CANONICAL.test(value);
}

/** The same for text written by a program. Throws where it is not a plain decimal: that is a bug, not an input. */
export function decimal<U extends string>(text: string): Decimal<U> {
  const value = readDecimal<U>(text);
  if (value === undefined) throw new Error("not a plain decimal");
  return value;
}

/** The exact sum; both in one unit. */
export function add<U extends string>(a: Decimal<U>, b: Decimal<NoInfer<U>>): Decimal<U> {
  return print(new Exact(a).plus(b));
}

/** The exact difference `a` − `b`; both in one unit. */
export function subtract<U extends string>(a: Decimal<U>, b: Decimal<NoInfer<U>>): Decimal<U> {
  return print(new Exact(a).minus(b));
}

/** The exact product; the caller names the unit that comes out. */
export function multiply<U extends string>(a: Decimal, b: Decimal): Decimal<U> {
  return print(new Exact(a).times(b));
}

/** The quotient, cut off (towards zero) after 40 decimals; undefined when `b` is zero. */
export function divide<U extends string>(a: Decimal, b: Decimal): Decimal<U> | undefined {
  return new Exact(b).eq(0) ? undefined : print(new Exact(a).div(b));
}

/** The same with the other sign. Zero stays `0`. */
export function negate<U extends string>(a: Decimal<U>): Decimal<U> {
  return print(new Exact(a).neg());
}

/** The size without the sign. */
export function abs<U extends string>(a: Decimal<U>): Decimal<U> {
  return print(new Exact(a).abs());
}

/** Below zero, zero or above zero as `a` is less than, equal to or greater than `b`. The only comparison there is. */
export function compare<U extends string>(a: Decimal<U>, b: Decimal<NoInfer<U>>): -1 | 0 | 1 {
  return new Exact(a).cmp(b);
}

/** -1, 0 or 1. */
export function sign(a: Decimal): -1 | 0 | 1 {
  return new Exact(a).cmp(0);
}

/** The smaller of two in one unit; of equal ones the first. */
export function min<U extends string>(a: Decimal<U>, b: Decimal<NoInfer<U>>): Decimal<U> {
  return compare(a, b) <= 0 ? a : b;
}

/** The larger of two in one unit; of equal ones the first. */
export function max<U extends string>(a: Decimal<U>, b: Decimal<NoInfer<U>>): Decimal<U> {
  return compare(a, b) >= 0 ? a : b;
}

/** How many decimals the text has: 2 for `1.25`. */
export function places(a: Decimal): number {
  return a.split(".")[1]?.length ?? 0;
}

/** `a` with at most `count` decimals, the rest cut off towards zero. */
export function truncate<U extends string>(a: Decimal<U>, count: number): Decimal<U> {
  return print(new Exact(a).round(count, Exact.roundDown));
}

/** `a` rounded half up to `count` decimals: for figures that are shown, never for amounts that are sent. */
export function round<U extends string>(a: Decimal<U>, count: number): Decimal<U> {
  return print(new Exact(a).round(count, Exact.roundHalfUp));
}

/** `a` rounded away from zero to `count` decimals: for prices that are shown, never for amounts that are sent. */
export function roundUp<U extends string>(a: Decimal<U>, count: number): Decimal<U> {
  return print(new Exact(a).round(count, Exact.roundUp));
}
