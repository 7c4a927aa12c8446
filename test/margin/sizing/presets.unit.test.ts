import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { add, compare, decimal, min, multiply, places, truncate } from "../../../src/margin/model/decimal.ts";
import { byRisk } from "../../../src/margin/risk/distance.ts";
import { amountRefusal } from "../../../src/margin/rules/amount.ts";
import { presets } from "../../../src/margin/sizing/presets.ts";
import { adjustment, amountOf, held, seenOf } from "../risk/figures.ts";

const amount = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 14n }), fc.constantFrom(1n, 10n ** 4n, 10n ** 8n))
  .map(([units, unit]) => units / unit)
  .map((units) => `${units / 10n ** 8n}.${(units % 10n ** 8n).toString().padStart(8, "0")}`);

const REMOVABLE: Readonly<Record<string, string>> = { "612.5": "112.5" };

describe("the amounts that a thumb can choose", () => {
  it("would none of them be refused, whatever the figures", () => {
    fc.assert(
      fc.property(
        fc.record({ margin: amount, free: amount, most: amount }),
        fc.constantFrom("add", "remove"),
        fc.constantFrom(4, 8),
        ({ margin, free, most }, direction, decimalsMax) => {
          const removable = truncate(multiply<"margin coin">(amountOf(margin), decimal<"ratio">("0.4")), decimalsMax);
          const figures = {
            margin: amountOf(margin),
            free: amountOf(free),
            removable,
            most: amountOf(most),
            decimalsMax,
          };
          const bounds = { decimalsMax, perAdjustment: decimal<"USD">(most) };
          for (const preset of presets(direction, figures)) {
            const refusal = amountRefusal(
              adjustment(direction, preset),
              seenOf({ margin: figures.margin }, free),
              bounds,
            );
            expect(refusal).toBeUndefined();
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each([
    ["add", "612.5", "50", "1000", ["12", "25", "45"]],
    ["add", "612.5", "100", "1000", ["25", "50", "61", "90"]],
    ["add", "12000", "5000", "1000", ["250", "500", "900"]],
    ["remove", "12000", "10000", "1000", ["250", "500", "900"]],
    ["add", "612.5", "0.0002", "1000", ["0.0001", "0.0002"]],
    ["add", "612.5", "0.0001", "1000", ["0.0001"]],
    ["add", "612.5", "0.00009", "1000", []],
  ] as const)(
    "to %s are shares of what can go where the margin of %s is large beside the %s that are there and the limit of %s: %j",
    (direction, margin, bound, most, wanted) => {
      const [free, removable] = [amountOf(bound), amountOf(bound)];
      const figures = { margin: amountOf(margin), free, removable, most: amountOf(most), decimalsMax: 4 };
      expect(presets(direction, figures)).toEqual(wanted);
    },
  );

  it("are there wherever the last decimal of the coin can go, and are two where two of them can", () => {
    fc.assert(
      fc.property(
        fc.record({ margin: amount, bound: amount, most: amount }),
        fc.constantFrom("add", "remove"),
        fc.constantFrom(4, 8),
        ({ margin, bound, most }, direction, decimalsMax) => {
          const [free, removable] = [amountOf(bound), amountOf(bound)];
          const figures = { margin: amountOf(margin), free, removable, most: amountOf(most), decimalsMax };
          const unit = amountOf(`0.${"1".padStart(decimalsMax, "0")}`);
          const goes = min(amountOf(bound), amountOf(most));
          const found = presets(direction, figures);
          const least = compare(goes, unit) < 0 ? 0 : compare(goes, add(unit, unit)) < 0 ? 1 : 2;
          expect(found.length).toBeGreaterThanOrEqual(least);
          expect(found.length).toBeLessThanOrEqual(4);
          expect(found.every((preset) => compare(preset, goes) <= 0)).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("are at most four, each once, smallest first, short to read", () => {
    fc.assert(
      fc.property(amount, fc.constantFrom("add", "remove"), (margin, direction) => {
        const figures = {
          margin: amountOf(margin),
          free: amountOf(margin),
          removable: amountOf(margin),
          most: amountOf("1000000000"),
          decimalsMax: 8,
        };
        const found = presets(direction, figures);
        expect(found.length).toBeLessThanOrEqual(4);
        expect(new Set(found).size).toBe(found.length);
        expect(found.toSorted(compare)).toEqual(found);
        for (const preset of found)
          expect(preset.replace(".", "").replace(/^0+|0+$/g, "").length).toBeLessThanOrEqual(2);
      }),
    );
  });

  it.each([
    ["add", "612.5", "500", ["61", "150", "300"]],
    ["add", "612.5", "5000", ["61", "150", "300", "610"]],
    ["remove", "612.5", "0", ["28", "56", "100"]],
    ["add", "612.5", "0", []],
    ["add", "0.0004", "10", ["0.0001", "0.0002", "0.0004"]],
    ["remove", "0.0001", "10", []],
  ] as const)("to %s with a margin of %s and %s free are %j", (direction, margin, free, wanted) => {
    const figures = {
      margin: amountOf(margin),
      free: amountOf(free),
      removable: amountOf(REMOVABLE[margin] ?? "0"),
      most: amountOf("1000"),
      decimalsMax: 4,
    };
    expect(presets(direction, figures)).toEqual(wanted);
  });

  it("stay within the limit of one adjustment", () => {
    const figures = {
      margin: amountOf("612.5"),
      free: amountOf("5000"),
      removable: amountOf("0"),
      most: amountOf("150"),
      decimalsMax: 4,
    };
    expect(presets("add", figures)).toEqual(["61", "150"]);
    expect(presets("add", figures).every((preset) => places(preset) === 0)).toBe(true);
  });
});

describe("positions by risk", () => {
  const at = (symbol: string, liquidation?: string) => {
    const { liquidationPrice: _, ...none } = held({ symbol });
    return liquidation === undefined ? none : { ...none, liquidationPrice: decimal<"price">(liquidation) };
  };
  const order = [
    at("NEAR", "99000"),
    { ...at("SHORT", "102000"), holdSide: "short" } as const,
    at("FAR", "50000"),
    at("NEVER"),
  ];

  it("begin with the one nearest to its liquidation and end with those that have none", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(order, { minLength: 4 }), (positions) => {
        expect(byRisk(positions).map(({ symbol }) => symbol)).toEqual(["NEAR", "SHORT", "FAR", "NEVER"]);
      }),
    );
  });

  it("begin with those that are past it, the farthest first, whatever their side", () => {
    const short = (symbol: string, liquidation: string) => ({ ...at(symbol, liquidation), holdSide: "short" }) as const;
    const past = [at("PAST", "130000"), short("OVER", "80000"), at("AT", "100000"), at("NEAR", "99000"), at("NEVER")];
    fc.assert(
      fc.property(fc.shuffledSubarray(past, { minLength: 5 }), (positions) => {
        expect(byRisk(positions).map(({ symbol }) => symbol)).toEqual(["PAST", "OVER", "AT", "NEAR", "NEVER"]);
      }),
    );
  });

  it("keep their order where they are equal, and leave the given list as it was", () => {
    const given = [at("B"), at("A"), at("NEAR", "99000")];
    expect(byRisk(given).map(({ symbol }) => symbol)).toEqual(["NEAR", "B", "A"]);
    expect(given.map(({ symbol }) => symbol)).toEqual(["B", "A", "NEAR"]);
  });
});
