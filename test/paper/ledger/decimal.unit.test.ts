import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  add,
  canonical,
  compare,
  divide,
  isDecimal,
  multiply,
  padDecimals,
  subtract,
} from "../../../src/paper/ledger/decimal.ts";

const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.nat({ max: 18 }))
  .map(([units, places]) => divide(`${units}`, `1${"0".repeat(places)}`, places));

describe("exact arithmetic", () => {
  it("adds where floats do not", () => {
    expect(add("0.1", "0.2")).toBe("0.3");
    expect(add("9007199254740993", "0.0000000000000001")).toBe("9007199254740993.0000000000000001");
  });

  it("takes back what it added, and divides back what it multiplied", () => {
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        expect(subtract(add(a, b), b)).toBe(canonical(a));
        if (compare(b, "0") !== 0) expect(divide(multiply(a, b), b, 18)).toBe(canonical(a));
      }),
    );
  });

  it.each([
    ["1", "3", 4, "0.3333"],
    ["2", "3", 4, "0.6667"],
    ["-2", "3", 4, "-0.6667"],
    ["1", "-8", 2, "-0.13"],
    ["0", "-8", 2, "0"],
  ])("rounds %s / %s at %i digits to %s", (a, b, places, quotient) => {
    expect(divide(a, b, places)).toBe(quotient);
  });

  it("prints one form of a number, or the digits that were asked for", () => {
    expect([canonical("-0.00"), canonical("1.50"), canonical("007")]).toEqual(["0", "1.5", "7"]);
    expect([padDecimals("1.5", 3), padDecimals("2", 0)]).toEqual(["1.500", "2"]);
  });

  it.each(["", "1e3", "+1", ".5", "1.", "1,5", "0x10", "NaN", " 1", "١"])("does not read %j", (text) => {
    expect(isDecimal(text)).toBe(false);
  });
});
