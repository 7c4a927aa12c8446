/**
 * Exact arithmetic on plain decimal text (`-12.50`), on BigInt alone.
 *
 * The bot has arithmetic of its own; this one shares no line with it, so that the paper exchange can contradict the bot.
 */

const PLAIN = /^-?\d+(?:\.\d+)?$/;

interface Scaled {
  readonly units: bigint;
  readonly places: number;
}

/** Whether `text` is plain decimal text: no exponent, no sign but a leading minus, no bare point. */
export function isDecimal(text: string): boolean {
  return PLAIN.test(text);
}

/** The digits after the point as they were written: trailing zeros count. */
export function placesOf(text: string): number {
  return scaled(text).places;
}

/** The exact sum. */
export function add(...terms: readonly string[]): string {
  return terms.reduce((left, right) => {
    const [a, b, places] = aligned(left, right);
    return print(a + b, places);
  }, "0");
}

/** The exact difference. */
export function subtract(left: string, right: string): string {
  const [a, b, places] = aligned(left, right);
  return print(a - b, places);
}

/** The exact product. */
export function multiply(...factors: readonly string[]): string {
  return factors.reduce((left, right) => {
    const a = scaled(left);
    const b = scaled(right);
    return print(a.units * b.units, a.places + b.places);
  }, "1");
}

/** `dividend / divisor`, rounded half away from zero at `places` digits. Throws when the divisor is zero. */
export function divide(dividend: string, divisor: string, places: number): string {
  const a = scaled(dividend);
  const b = scaled(divisor);
  const top = a.units * 10n ** BigInt(places + b.places);
  const bottom = b.units * 10n ** BigInt(a.places);
  const half = absolute(bottom);
  const rounded = (absolute(top) * 2n + half) / (half * 2n);
  return print(top < 0n === bottom < 0n ? rounded : -rounded, places);
}

/** Below zero when `left` is the smaller, zero when they are equal, above zero otherwise. */
export function compare(left: string, right: string): number {
  const [a, b] = aligned(left, right);
  return a < b ? -1 : Number(a > b);
}

/** The larger of two; of equal ones the first. */
export function larger(left: string, right: string): string {
  return compare(left, right) < 0 ? right : left;
}

/** The smaller of two; of equal ones the first. */
export function smaller(left: string, right: string): string {
  return compare(left, right) < 0 ? left : right;
}

/** The same with the other sign. */
export function negate(text: string): string {
  return subtract("0", text);
}

/** The same number in its shortest form: `1.50` is `1.5`, `-0` is `0`. */
export function canonical(text: string): string {
  return add(text);
}

/** The number with exactly `places` digits after the point; it must not have more. */
export function padDecimals(text: string, places: number): string {
  const [whole, fraction = ""] = canonical(text).split(".");
  return places === 0 ? `${whole}` : `${whole}.${fraction.padEnd(places, "0")}`;
}

function scaled(text: string): Scaled {
  if (!isDecimal(text)) throw new Error(`Not decimal text: ${JSON.stringify(text)}`);
  const [whole = "", fraction = ""] = text.split(".");
  return { units: BigInt(whole + fraction), places: fraction.length };
}

function aligned(left: string, right: string): [bigint, bigint, number] {
  const a = scaled(left);
  const b = scaled(right);
  const places = Math.max(a.places, b.places);
  return [a.units * 10n ** BigInt(places - a.places), b.units * 10n ** BigInt(places - b.places), places];
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function print(units: bigint, places: number): string {
  const digits = absolute(units)
    .toString()
    .padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  const fraction = digits.slice(digits.length - places).replace(/0+$/, "");
  return `${units < 0n ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}
