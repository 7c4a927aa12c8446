/**
 * Amounts that a thumb can choose: shares of the margin to add, of what can be removed to remove. Where little of that
 * can go, shares of what can: that is when a position needs its margin most.
 */
import type { Direction } from "../model/adjustment.ts";
import { type Amount, compare, decimal, min, multiply, sign, truncate } from "../model/decimal.ts";

const SHARES: Readonly<Record<Direction, readonly string[]>> = {
  add: ["0.1", "0.25", "0.5", "1"],
  remove: ["0.25", "0.5", "0.9"],
};
/** A quarter, half and nearly all of what can go. */
const SHARES_OF_BOUND = ["0.25", "0.5", "0.9"] as const;
/** With fewer there is nothing to choose from. */
const CHOICES_LEAST = 2;
const DIGITS = 2;
const NOTHING = decimal<"margin coin">("0");

/** `value` cut off to its first two digits that are not zero, within `decimalsMax` decimals. */
function short(value: Amount, decimalsMax: number): Amount {
  const [whole = "0", fraction = ""] = value.split(".");
  if (whole.length >= DIGITS) return decimal(whole.slice(0, DIGITS) + "0".repeat(whole.length - DIGITS));
  if (whole !== "0") return truncate(value, Math.min(1, decimalsMax));
  return truncate(value, Math.min(decimalsMax, fraction.search(/[1-9]/) + DIGITS));
}

function sharesOf(whole: Amount, shares: readonly string[], decimalsMax: number): readonly Amount[] {
  return shares.map((share) => short(multiply<"margin coin">(whole, decimal<"ratio">(share)), decimalsMax));
}

/** Each once, smallest first. */
function sorted(amounts: readonly Amount[]): readonly Amount[] {
  return [...new Set(amounts)].sort(compare);
}

/**
 * Two to four amounts, smallest first, none of which is refused for its size. One where nothing but the last decimal of
 * the coin can go, and none where not even that can.
 */
export function presets(
  direction: Direction,
  figures: {
    readonly margin: Amount;
    readonly free: Amount;
    /** What can be removed; undefined where no bound can be had. */
    readonly removable: Amount | undefined;
    readonly most: Amount;
    readonly decimalsMax: number;
  },
): readonly Amount[] {
  const { margin, free, removable = NOTHING, most, decimalsMax } = figures;
  const [whole, bound] = direction === "add" ? [margin, free] : [removable, removable];
  const goes = truncate(min(bound, most), decimalsMax);
  const fits = (amount: Amount) => sign(amount) > 0 && compare(amount, goes) <= 0;
  const usual = sorted(sharesOf(whole, SHARES[direction], decimalsMax).filter(fits));
  if (usual.length >= CHOICES_LEAST) return usual;
  const some = sorted([...usual, ...sharesOf(goes, SHARES_OF_BOUND, decimalsMax)].filter(fits));
  // So little that its shares are less than the last decimal: then all of it.
  return some.length >= CHOICES_LEAST ? some : sorted([...some, goes].filter(fits));
}
