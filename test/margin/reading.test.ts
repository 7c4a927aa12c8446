import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readAmount, readLine } from "../../src/margin/reading.ts";

const USDT = { marginCoin: "USDT", decimalsMax: 4 };
const USDC = { marginCoin: "USDC", decimalsMax: 4 };
const BTC = { marginCoin: "BTC", decimalsMax: 8 };
const NBSP = "\u00a0";

/** A text as it shows which characters it has. */
const shown = (text: string) => JSON.stringify(text).replace(/[^ -~]/g, (one) => `U+${one.charCodeAt(0).toString(16)}`);

describe("an amount that is read", () => {
  it.each([
    ["50", "50", undefined],
    ["+50", "50", "add"],
    ["-50", "50", "remove"],
    ["-0.5", "0.5", "remove"],
    [".5", "0.5", undefined],
    ["-.5", "0.5", "remove"],
    ["- 20", "20", "remove"],
    ["+ 20", "20", "add"],
    ["\u221220", "20", "remove"],
    ["\u201020", "20", "remove"],
    ["\u201120", "20", "remove"],
    ["\u201220", "20", "remove"],
    ["\u201320", "20", "remove"],
    ["\u201420", "20", "remove"],
    ["\u201520", "20", "remove"],
    ["\u2212 20 usdt", "20", "remove"],
    ["$20", "20", undefined],
    ["20$", "20", undefined],
    ["20 $", "20", undefined],
    ["-$20", "20", "remove"],
    ["20 usdt", "20", undefined],
    ["20usdt", "20", undefined],
    ["20 USDT", "20", undefined],
    ["  20  ", "20", undefined],
    [`${NBSP}20${NBSP}`, "20", undefined],
    [`20${NBSP}usdt`, "20", undefined],
    ["1.5000", "1.5", undefined],
    ["0.0001", "0.0001", undefined],
    ["007", "7", undefined],
    ["999999999999", "999999999999", undefined],
  ] as const)("%s", (text, amount, direction) => {
    expect(readAmount(text, USDT)).toEqual({ ok: true, amount, direction });
  });

  it("may name the coin of the position, whichever it is", () => {
    expect(readAmount("0.00000001 btc", BTC)).toMatchObject({ ok: true, amount: "0.00000001" });
    expect(readAmount("5 usdc", USDC)).toMatchObject({ ok: true, amount: "5" });
    expect(readAmount("$5", USDC)).toMatchObject({ ok: true, amount: "5" });
  });
});

describe("an amount that is refused", () => {
  const notNumbers = ["", " ", "-", "+", "$", "usdt", ".", "1.", "1..5", "1.2.3", "abc"].concat(
    ["1,5", "1,000", "1.000,50", "1_000", "1'000", "1 000", `1${NBSP}000`, "1\u202f000"],
    ["1e3", "1E3", "1e-7", "1e400", "0x10", "0b11", "Infinity", "NaN", "½", "10%"],
    ["20-30", "20 30", "20+30", "20 - 30", "20/2", "2*10", "=20", "(20)", "20-", "5 -"],
    ["+-5", "-+5", "--5", "++5", "\u2212-5", "-  5", "$-5", "~5"],
    ["٢٠", "۲۰", "१०", "２０", "²", "2\u06600", "\u200f20", "2\u200b0", "20\u200b", "20\u0000"],
    ["20 usdt usdt", "usdt 20", "20 usdt 5", "20 usdt\nrm", "20\n30", "20 \u0455"],
  );
  it.each(notNumbers.map((text) => [shown(text), text]))("%s is no number", (_, text) => {
    expect(readAmount(text, USDT)).toEqual({ ok: false, fault: "not_a_number" });
  });

  it.each(["20 btc", "20 usdc", "20k", "20m", "10e", "20 eur", "20usd", "$20 usdc", "$20$", "20\nrm"])(
    "%j names another coin",
    (text) => {
      expect(readAmount(text, USDT)).toEqual({ ok: false, fault: "other_coin" });
    },
  );

  it.each(["$1", "1$", "1 usdt", "-$1"])("%j is no amount of bitcoin", (text) => {
    expect(readAmount(text, BTC)).toEqual({ ok: false, fault: "other_coin" });
  });

  it.each(["0", "-0", "+0", "0.0000", ".0", "0 usdt", "000"])("%j is zero", (text) => {
    expect(readAmount(text, USDT)).toEqual({ ok: false, fault: "zero" });
  });

  it("has one decimal more than the coin has", () => {
    expect(readAmount("1.00001", USDT)).toEqual({ ok: false, fault: "decimals" });
    expect(readAmount("1.0001", USDT)).toMatchObject({ ok: true });
    expect(readAmount("0.000000001", BTC)).toEqual({ ok: false, fault: "decimals" });
    expect(readAmount("0.00000001", BTC)).toMatchObject({ ok: true });
  });

  it("has thirteen digits or more before the point, or more than 64 characters", () => {
    expect(readAmount("9".repeat(12), USDT)).toMatchObject({ ok: true });
    expect(readAmount("9".repeat(13), USDT)).toEqual({ ok: false, fault: "too_long" });
    expect(readAmount("9".repeat(30), USDT)).toEqual({ ok: false, fault: "too_long" });
    expect(readAmount("9".repeat(65), USDT)).toEqual({ ok: false, fault: "too_long" });
    expect(readAmount("9007199254740993", USDT)).toEqual({ ok: false, fault: "too_long" });
  });
});

describe("whatever is typed", () => {
  const alphabet = [..."0123456789.,-+ $eExXkusdtUSDT\n\u2212\u2013\u00a0\u0660\uff11\u200b"];
  const near = fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 14 });
  const wild = fc.string({ unit: "binary", maxLength: 80 });

  /** The digits of a text without the zeros that say nothing. */
  const bare = (digits: string) => {
    const [whole = "", fraction = ""] = digits.split(".");
    return [whole.replace(/^0+/, ""), fraction.replace(/0+$/, "")].join(".");
  };

  it("is read as the digits that stand there, or not at all", () => {
    fc.assert(
      fc.property(fc.oneof(near, wild), (text) => {
        const read = readAmount(text, USDT);
        if (!read.ok) return;
        const [digits, ...more] = text.match(/[\d.]+/g) ?? [];
        expect(more).toEqual([]);
        expect(bare(read.amount)).toBe(bare(digits ?? ""));
        expect(read.amount).toMatch(/^(?:0|[1-9]\d*)(?:\.\d{1,4})?$/);
      }),
      { numRuns: 3000 },
    );
  });

  it("removes only where a minus or a dash stands before the digits", () => {
    fc.assert(
      fc.property(near, (text) => {
        const read = readAmount(text, USDT);
        if (!read.ok) return;
        const before = text.slice(0, text.search(/[\d.]/));
        const wanted = /[-\u2212\u2013]/.test(before) ? "remove" : before.includes("+") ? "add" : undefined;
        expect(read.direction).toBe(wanted);
      }),
      { numRuns: 3000 },
    );
  });

  it("is read, where it is an amount written plainly", () => {
    const plain = fc.tuple(fc.bigInt({ min: 1n, max: 10n ** 12n - 1n }), fc.nat({ max: 9999 }));
    fc.assert(
      fc.property(plain, fc.constantFrom("", "+", "-"), ([whole, part], mark) => {
        const fraction = part === 0 ? "" : `.${String(part).padStart(4, "0").replace(/0+$/, "")}`;
        expect(readAmount(`${mark}${whole}${fraction}`, USDT)).toMatchObject({
          ok: true,
          amount: `${whole}${fraction}`,
        });
      }),
    );
  });

  it.each([
    ["digits", "1".repeat(1_000_000)],
    ["zeros and a letter", `${"0".repeat(1_000_000)}x`],
    ["blanks inside", `1${" ".repeat(1_000_000)}1`],
    ["signs", "-".repeat(1_000_000)],
    ["points", "1.".repeat(500_000)],
  ])("is refused when it is a million %s", (_, text) => {
    expect(readAmount(text, USDT)).toEqual({ ok: false, fault: "too_long" });
    expect(readLine(text)).toEqual({ ok: false, fault: "too_long" });
  });
});

describe("a line", () => {
  it.each([
    ["btc long 50", { symbol: "btc", holdSide: "long", amount: "50" }],
    ["BTCUSDT long -20", { symbol: "BTCUSDT", holdSide: "long", amount: "-20" }],
    ["50 long btc", { symbol: "btc", holdSide: "long", amount: "50" }],
    ["long 50 btc", { symbol: "btc", holdSide: "long", amount: "50" }],
    ["  btc   LONG\t50 ", { symbol: "btc", holdSide: "long", amount: "50" }],
    ["btc short", { symbol: "btc", holdSide: "short" }],
    ["btc", { symbol: "btc" }],
    ["50", { amount: "50" }],
    ["", {}],
    ["   ", {}],
    ["btc - 20", { symbol: "btc", amount: "- 20" }],
    ["btc \u2212 20 usdt", { symbol: "btc", amount: "\u2212 20 usdt" }],
    ["20 usdt btc", { symbol: "btc", amount: "20 usdt" }],
    ["btc 20 $", { symbol: "btc", amount: "20 $" }],
    ["btc $20", { symbol: "btc", amount: "$20" }],
    ["btc 20usdt", { symbol: "btc", amount: "20usdt" }],
    ["1000PEPE long 5", { symbol: "1000PEPE", holdSide: "long", amount: "5" }],
    ["1INCHUSDT 5", { symbol: "1INCHUSDT", amount: "5" }],
    ["btc 1e3", { symbol: "btc", amount: "1e3" }],
    ["btc 1,5", { symbol: "btc", amount: "1,5" }],
    ["btc 0x10", { symbol: "btc", amount: "0x10" }],
    ["btc +-5", { symbol: "btc", amount: "+-5" }],
  ])("%j", (text, line) => {
    expect(readLine(text)).toEqual({ ok: true, ...line });
  });

  it.each([
    ["btc 20 30", "two_amounts"],
    ["btc 20 - 30", "two_amounts"],
    ["btc 1 000", "two_amounts"],
    ["btc eth 20", "two_symbols"],
    ["btc long short 20", "two_sides"],
    ["btc long long 20", "two_sides"],
    ["btc please 20", "two_symbols"],
    [`btc ${"9".repeat(61)}`, "too_long"],
  ])("%j is refused: %s", (text, fault) => {
    expect(readLine(text)).toEqual({ ok: false, fault });
  });

  it("loses no word and invents none", () => {
    const words = fc.array(fc.constantFrom("btc", "long", "short", "20", "-5", "-", "usdt", "$", "1e3", "\u0430"), {
      maxLength: 5,
    });
    fc.assert(
      fc.property(words, (parts) => {
        const read = readLine(parts.join(" "));
        if (!read.ok) return;
        const found = [read.symbol, read.holdSide, read.amount].flatMap((part) => part?.split(" ") ?? []);
        expect(found.toSorted()).toEqual(parts.toSorted());
      }),
      { numRuns: 1000 },
    );
  });
});
