/** Amounts that a thumb can choose: shares of the position's margin that the balance and the limit allow. */
import type { Direction } from "./adjustment.ts";
import { type Amount, compare, type Decimal, decimal, multiply, sign, truncate } from "./decimal.ts";

const SHARES: Readonly<Record<Direction, readonly string[]>> = {
  add: ["0.1", "0.25", "0.5", "1"],
  remove: ["0.05", "0.1", "0.25"],
};
const DIGITS = 2;

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
  figures: { readonly margin: Amount; readonly free: Amount; readonly most: Amount; readonly decimalsMax: number },
): readonly Amount[] {
  const bound = direction === "add" ? figures.free : figures.margin;
  const fits = (amount: Amount) =>
    sign(amount) > 0 && compare(amount, bound) <= 0 && compare(amount, figures.most) <= 0;
  const amounts = SHARES[direction]
    .map((share) =>
      short(multiply<"margin coin">(figures.margin, decimal<"ratio">(share) as Decimal), figures.decimalsMax),
    )
    .filter(fits);
  return [...new Set(amounts)];
}
