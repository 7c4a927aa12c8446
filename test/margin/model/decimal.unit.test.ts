import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  abs,
  add,
  compare,
  type Decimal,
  decimal,
  divide,
  min,
  multiply,
  negate,
  places,
  readDecimal,
  round,
  sign,
  subtract,
  truncate,
} from "../../../src/margin/model/decimal.ts";

type Plain = Decimal<"test">;

/** The oracle: a number as so many units of ten to the minus `scale`, in whole numbers only. */
interface Units {
  readonly units: bigint;
  readonly scale: number;
}

function printed({ units, scale }: Units): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, "");
  return `${units < 0n ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}

function aligned(a: Units, b: Units): [bigint, bigint, number] {
  const scale = Math.max(a.scale, b.scale);
  return [a.units * 10n ** BigInt(scale - a.scale), b.units * 10n ** BigInt(scale - b.scale), scale];
}

const units: fc.Arbitrary<Units> = fc.record({
  units: fc.oneof(fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }), fc.bigInt({ min: -200n, max: 200n })),
  scale: fc.nat({ max: 18 }),
});
const of = (value: Units) => decimal<"test">(printed(value));
const both = (check: (a: Units, b: Units) => void) => fc.assert(fc.property(units, units, check));

describe("arithmetic against whole numbers", () => {
  it("adds exactly", () => {
    both((a, b) => {
      const [left, right, scale] = aligned(a, b);
      expect(add(of(a), of(b))).toBe(printed({ units: left + right, scale }));
    });
  });

  it("subtracts exactly", () => {
    both((a, b) => {
      const [left, right, scale] = aligned(a, b);
      expect(subtract(of(a), of(b))).toBe(printed({ units: left - right, scale }));
    });
  });

  it("multiplies exactly", () => {
    both((a, b) => {
      expect(multiply(of(a), of(b))).toBe(printed({ units: a.units * b.units, scale: a.scale + b.scale }));
    });
  });

  it("divides to forty decimals, cut off towards zero, and gives nothing for a division by zero", () => {
    both((a, b) => {
      const [left, right] = aligned(a, b);
      const wanted = right === 0n ? undefined : printed({ units: (left * 10n ** 40n) / right, scale: 40 });
      expect(divide(of(a), of(b))).toBe(wanted);
    });
  });

  it("compares as whole numbers do", () => {
    both((a, b) => {
      const [left, right] = aligned(a, b);
      expect(compare(of(a), of(b))).toBe(left < right ? -1 : left > right ? 1 : 0);
      expect(min(of(a), of(b))).toBe(left < right ? of(a) : of(b));
    });
  });

  it("knows the sign, the opposite and the size", () => {
    fc.assert(
      fc.property(units, (a) => {
        const size = a.units < 0n ? -a.units : a.units;
        expect(sign(of(a))).toBe(a.units < 0n ? -1 : a.units > 0n ? 1 : 0);
        expect(negate(of(a))).toBe(printed({ ...a, units: -a.units }));
        expect(abs(of(a))).toBe(printed({ ...a, units: size }));
      }),
    );
  });
});

describe("laws", () => {
  it("adds in any order and takes back what it added", () => {
    fc.assert(
      fc.property(units, units, units, (a, b, c) => {
        expect(add(of(a), of(b))).toBe(add(of(b), of(a)));
        expect(add(add(of(a), of(b)), of(c))).toBe(add(of(a), add(of(b), of(c))));
        expect(subtract(add(of(a), of(b)), of(b))).toBe(of(a));
      }),
    );
  });

  it("multiplies each part of a sum", () => {
    fc.assert(
      fc.property(units, units, units, (a, b, c) => {
        const whole = multiply<"test">(of(a), add(of(b), of(c)));
        expect(whole).toBe(add(multiply<"test">(of(a), of(b)), multiply<"test">(of(a), of(c))));
      }),
    );
  });
});

describe("cutting and rounding", () => {
  it("never makes an amount larger by cutting it, and cuts less than one place off", () => {
    fc.assert(
      fc.property(units, fc.nat({ max: 20 }), (a, count) => {
        const kept = truncate(of(a), count);
        expect(places(kept)).toBeLessThanOrEqual(count);
        expect(compare(abs(kept), abs(of(a)))).toBeLessThanOrEqual(0);
        const lost = subtract(abs(of(a)), abs(kept));
        expect(compare(lost, decimal(printed({ units: 1n, scale: count })))).toBe(-1);
      }),
    );
  });

  it.each([
    ["0.99999", 4, "0.9999", "1"],
    ["-0.99999", 4, "-0.9999", "-1"],
    ["0.00005", 4, "0", "0.0001"],
    ["-0.00001", 4, "0", "0"],
    ["1.25", 1, "1.2", "1.3"],
    ["1.25", 2, "1.25", "1.25"],
    ["199", 0, "199", "199"],
  ])("cuts %s to %i places as %s and rounds it to %s", (text, count, cut, rounded) => {
    expect(truncate(decimal(text), count)).toBe(cut);
    expect(round(decimal(text), count)).toBe(rounded);
  });
});

describe("canonical text", () => {
  it("prints what it read, and reads what it printed", () => {
    fc.assert(
      fc.property(units, (a) => {
        const text = of(a);
        expect(text).toBe(printed(a));
        expect(readDecimal(text)).toBe(text);
        expect(text).toMatch(/^(?:0|-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?)$/);
      }),
    );
  });

  it("never prints an exponent, however small or large", () => {
    const small = multiply<"test">(decimal("0.00000000000000000001"), decimal("0.00000000000000000001"));
    const large = multiply<"test">(decimal("1".padEnd(60, "0")), decimal("1".padEnd(60, "0")));
    expect(small).toBe(`0.${"1".padStart(40, "0")}`);
    expect(large).toBe("1".padEnd(119, "0"));
  });

  it.each([
    ["007.500", "7.5"],
    [".5", "0.5"],
    ["-.5", "-0.5"],
    ["5.", "5"],
    ["-0", "0"],
    ["-0.000", "0"],
    ["9007199254740993", "9007199254740993"],
    ["0.1000000000000000055", "0.1000000000000000055"],
  ])("reads %s as %s", (text, value) => {
    expect(readDecimal(text)).toBe(value);
  });
});

describe("what is no plain decimal", () => {
  const refused = [
    ["", " ", " 1", "1 ", "1\n", "\n1", "1\nrm"],
    ["1e3", "1E3", "1e-7", "1e400", "0x10", "0b11", "0o7", "0x", "1n"],
    ["1_000", "1,000", "1.000,50", "1'000", "1 000", "1\u00a0000", "1\u202f000"],
    ["１０", "٣٤", "१२", "½", "²", "1\u200b0", "\u200f10", "\ufeff1", "1\u0660"],
    ["+1", "--1", "1-", "-", ".", "-.", "1..2", "1.2.3", "- 1"],
    ["Infinity", "-Infinity", "NaN", "null", "undefined", "true", "[1]", "1%", "10k"],
    ["\u22121", "\u20131"],
  ].flat();

  it.each(refused.map((text) => [JSON.stringify(text), text]))("refuses %s", (_, text) => {
    expect(readDecimal(text)).toBeUndefined();
    expect(() => decimal(text)).toThrow("not a plain decimal");
  });

  it("refuses more than 64 characters, and reads 64", () => {
    expect(readDecimal("1".repeat(64))).toBe("1".repeat(64));
    expect(readDecimal("1".repeat(65))).toBeUndefined();
    expect(readDecimal("0".repeat(1_000_000))).toBeUndefined();
  });

  it("reads any text as the digits that stand in it, or not at all", () => {
    const near = fc.string({ unit: fc.constantFrom(..."0123456789.-+eE,_x \n\u0660\uff11"), maxLength: 12 });
    fc.assert(
      fc.property(fc.oneof(near, fc.string({ unit: "binary" })), (text) => {
        const value: Plain | undefined = readDecimal<"test">(text);
        if (!/^-?(?:\d+\.?\d*|\.\d+)$/.test(text)) {
          expect(value).toBeUndefined();
          return;
        }
        const [whole = "", fraction = ""] = text.replace("-", "").split(".");
        const scaled = BigInt(`${whole}${fraction}`) * (text.startsWith("-") ? -1n : 1n);
        expect(value).toBe(printed({ units: scaled, scale: fraction.length }));
      }),
      { numRuns: 400 },
    );
  });
});
