/** Amounts that a thumb can choose: shares of the margin to add, of what can be removed to remove. */
import type { Direction } from "./adjustment.ts";
import { type Amount, compare, decimal, multiply, sign, truncate } from "./decimal.ts";

const SHARES: Readonly<Record<Direction, readonly string[]>> = {
  add: ["0.1", "0.25", "0.5", "1"],
  remove: ["0.25", "0.5", "0.9"],
};
const DIGITS = 2;
const NOTHING = decimal<"margin coin">("0");

/** `value` cut off to its first two digits that are not zero, within `decimalsMax` decimals. */
function short(value: Amount, decimalsMax: number): Amount {
  const [whole = "0", fraction = ""] = value.split(".");
  if (whole.length >= DIGITS) return decimal(whole.slice(0, DIGITS) + "0".repeat(whole.length - DIGITS));
  if (whole !== "0") return truncate(value, Math.min(1, decimalsMax));
  return truncate(value, Math.min(decimalsMax, fraction.search(/[1-9]/) + DIGITS));
}

/** Two to four amounts, smallest first, none of which is refused for its size. May be empty. */
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
  const fits = (amount: Amount) => sign(amount) > 0 && compare(amount, bound) <= 0 && compare(amount, most) <= 0;
  const amounts = SHARES[direction]
    .map((share) => short(multiply<"margin coin">(whole, decimal<"ratio">(share)), decimalsMax))
    .filter(fits);
  return [...new Set(amounts)];
}
