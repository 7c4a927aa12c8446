/** One number as typed, with points, commas, spaces and apostrophes in it: what it can plausibly mean. */
import { type Decimal, decimal, multiply, places, readDecimal } from "../model/decimal.ts";
import type { FaultKey } from "./expression.ts";
import { GAP } from "./expression.ts";
import { ARABIC_COMMA, ARABIC_POINT, THIN } from "./normalize.ts";

/** Digits before the point: a trillion is nobody's margin. */
const WHOLE_DIGITS_MAX = 12;
const FRACTION_DIGITS_MAX = 18;

/** What stands behind a number: nothing, thousands, millions. */
export type Scale = "" | "k" | "m";
const SCALES = { "": decimal<"ratio">("1"), k: decimal<"ratio">("1000"), m: decimal<"ratio">("1000000") };

/** One value, or two where the text does not say which: the smaller first. */
export type NumberRead =
  | { readonly ok: true; readonly values: readonly [Decimal] | readonly [Decimal, Decimal] }
  | { readonly ok: false; readonly fault: FaultKey };

/** Characters that a number is made of, for use in a character class. */
export const NUMBER_CLASS = `\\d.,'${THIN}${GAP}${ARABIC_POINT}${ARABIC_COMMA}`;

const SEPARATOR = new RegExp(`[${NUMBER_CLASS.replace("\\d", "")}]`, "g");
const POINTS = new Set([".", ",", ARABIC_POINT]);
const GROUPERS = new Set([".", ",", "'", THIN, GAP, ARABIC_COMMA]);
const FIRST_GROUP = /^[1-9]\d{0,2}$/;
const GROUP = /^\d{3}$/;

// `1,234,567`: every separator the same one, one to three digits first, three in every further group.
function areGroups(groups: readonly string[], separators: readonly string[]): boolean {
  const [first = "", ...further] = groups;
  const [separator = ""] = separators;
  if (separators.length === 0) return first !== "";
  const same = GROUPERS.has(separator) && separators.every((other) => other === separator);
  return same && FIRST_GROUP.test(first) && further.every((group) => GROUP.test(group));
}

function asFraction(groups: readonly string[], separators: readonly string[]): string | undefined {
  const point = separators.at(-1);
  if (point === undefined || !POINTS.has(point) || separators.indexOf(point) < separators.length - 1) return undefined;
  const whole = groups.slice(0, -1);
  const isBare = whole.length === 1;
  if (!isBare && !areGroups(whole, separators.slice(0, -1))) return undefined;
  return `${whole.join("") || "0"}.${groups.at(-1)}`;
}

// One point or comma and three digits is grouped for many, even where the first group is too long for it.
function asGroups(groups: readonly string[], separators: readonly string[]): string | undefined {
  const [first = "", second = ""] = groups;
  const [separator = ""] = separators;
  const isLoose = separators.length === 1 && /[.,]/.test(separator) && /^[1-9]/.test(first) && GROUP.test(second);
  return isLoose || areGroups(groups, separators) ? groups.join("") : undefined;
}

function plausible(text: string): { readonly texts: readonly string[] } | { readonly fault: FaultKey } {
  const groups = text.split(SEPARATOR);
  const separators = text.match(SEPARATOR) ?? [];
  const [first = "", ...further] = groups;
  if (further.includes("") || (first === "" && separators.length !== 1)) return { fault: "grouping" };
  if (/^0\d/.test(first)) return { fault: "leading_zero" };
  const grouped = asGroups(groups, separators);
  // A single ordinary space may also have come from a thumb that missed the point: then it is asked.
  const isGap = separators.length === 1 && separators[0] === GAP && grouped !== undefined;
  const fraction = isGap ? groups.join(".") : asFraction(groups, separators);
  const texts = [fraction, grouped].filter((reading) => reading !== undefined);
  return texts.length === 0 ? { fault: "grouping" } : { texts };
}

function isShort(value: Decimal): boolean {
  return (value.split(".")[0] ?? "").length <= WHOLE_DIGITS_MAX && places(value) <= FRACTION_DIGITS_MAX;
}

/** What digits with separators can mean, times what `k` or `m` behind them says. */
export function readNumber(text: string, scale: Scale): NumberRead {
  const read = plausible(text);
  if ("fault" in read) return { ok: false, fault: read.fault };
  const values = read.texts.map((plain) => readDecimal(plain)).filter((value) => value !== undefined);
  const scaled = values.map((value) => multiply(value, SCALES[scale]));
  const [first, second] = scaled;
  if (first === undefined || scaled.length < read.texts.length || !scaled.every(isShort)) {
    return { ok: false, fault: "too_long" };
  }
  return { ok: true, values: second === undefined ? [first] : [first, second] };
}
