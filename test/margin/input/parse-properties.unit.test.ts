import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AmountExpression, type ParsedExpression, printExpression } from "../../../src/margin/input/expression.ts";
import { LINE_MAX, type LineReading, readExpression, readLine, WISH_MAX } from "../../../src/margin/input/parse.ts";
import { type Decimal, decimal, multiply, readDecimal } from "../../../src/margin/model/decimal.ts";
import { type ExpressionFigures, resolveExpression } from "../../../src/margin/sizing/resolve-amount.ts";
import { CORPUS } from "./corpus.ts";

const RUNS = { numRuns: 2000 };
const SEPARATORS = [".", ",", "'", " ", "\u00a0", "\u202f"];

/** Everything that a text of digits and separators can mean to somebody somewhere, however loosely written. */
function meanings(text: string): ReadonlySet<string> {
  const groups = text.split(/[^\d]/);
  // Narrow spaces cannot be told apart by eye: they are one separator.
  const separators = [...text.replace(/\u202f/g, "\u00a0")].filter((character) => /[^\d]/.test(character));
  const found = new Set<string>();
  const note = (value: string) => found.add(decimal(value));
  const last = groups.at(-1) ?? "";
  const areThrees = (items: readonly string[]) => items.every((item) => item.length === 3);
  const isGroupable =
    separators.every((separator) => separator === separators[0]) && !(groups[0] ?? "").startsWith("0");
  // All separators group, or the last is a point and those before it group.
  if (separators.length === 0 || (isGroupable && areThrees(groups.slice(1)))) note(groups.join(""));
  const point = separators.at(-1) ?? "";
  if (/[.,]/.test(point) && separators.indexOf(point) === separators.length - 1 && areThrees(groups.slice(1, -1))) {
    note(`${groups.slice(0, -1).join("") || "0"}.${last || "0"}`);
  }
  return found;
}

function figures(reading: ParsedExpression): readonly string[] {
  if (reading.kind === "fault") return [];
  const expressions = reading.kind === "expression" ? [reading.expression] : reading.choices;
  return expressions.map((expression) => (expression.kind === "amount" ? expression.digits : ""));
}

const grouped = fc
  .tuple(
    fc.array(fc.stringMatching(/^\d{1,4}$/), { minLength: 1, maxLength: 4 }),
    fc.array(fc.constantFrom(...SEPARATORS), { minLength: 3, maxLength: 3 }),
  )
  .map(([groups, separators]) => groups.reduce((text, group, at) => `${text}${separators[at - 1]}${group}`));

const digits = fc.stringMatching(/^(?:[1-9]\d{0,8}|0)(?:\.\d{0,7}[1-9])?$/).filter((text) => text !== "0");
const figure = digits.map((text) => readDecimal(text) ?? decimal("1"));
const direction = fc.constantFrom("add", "remove", undefined);
const coin = fc.constantFrom("USD", "USDT", "BTC", undefined);

const present = <T extends object>(expression: T): T =>
  Object.fromEntries(Object.entries(expression).filter(([, value]) => value !== undefined)) as T;
const small = figure.map((value) => multiply(decimal(`0.${value.replace(".", "")}`), decimal("1")));

const expressions: fc.Arbitrary<AmountExpression> = fc
  .oneof(
    fc.record({ kind: fc.constant("amount"), digits: figure, direction, coin }),
    fc.record({ kind: fc.constant("share"), share: small, direction }),
    fc.record({ kind: fc.constant("max"), direction }),
    fc.record({ kind: fc.constant("target"), margin: figure, coin, direction }),
    fc.record({ kind: fc.constant("to"), figure, direction, coin }),
    fc.record({ kind: fc.constant("liquidation"), price: figure, direction }),
    fc.record({ kind: fc.constant("distance"), ratio: small, direction }),
    fc.record({ kind: fc.constant("times"), factor: figure }),
  )
  .map((expression) => present(expression) as unknown as AmountExpression);

const FIGURES: ExpressionFigures = {
  holdSide: "long",
  marginCoin: "USDT",
  decimalsMax: 4,
  margin: decimal("272.5"),
  free: decimal("412.8"),
  removable: decimal("80"),
  markPrice: decimal("25684"),
  bare: "add",
  most: decimal("5000"),
  marginForLiquidation: () => decimal("300.123456"),
  marginForDistance: () => decimal("200.123456"),
};

const WORDS = [...new Set(CORPUS.flatMap(({ entries }) => entries.flatMap(([typed]) => typed.split(/\s+/))))];
const hostile = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.string({ unit: "grapheme", maxLength: 80 }),
  fc.array(fc.constantFrom(...WORDS), { maxLength: 8 }).map((words) => words.join(" ")),
  fc.array(fc.constantFrom(..."0123456789.,' -+=$%xkmu½٢"), { maxLength: 60 }).map((characters) => characters.join("")),
);

const name = fc.constantFrom(
  "btc",
  "ETHUSDT",
  "#sol",
  "BTC/USDT:USDT",
  "btc:usdt",
  "1000pepe",
  "x2y2",
  "c98",
  "bitcoin",
);
const side = fc.constantFrom("long", "short", "l", "s", "buy", "лонг", "空");
const verb = fc.constantFrom("add", "remove", "take out", "top up", "");
// From one on: below it, a name right behind the number is the coin that it is in.
const number = fc.oneof(
  fc.stringMatching(/^[1-9]\d{0,5}(?:\.\d)?$/),
  fc.constantFrom("1,500", "54.000", "1.5k", "0.5m", "2 k"),
);
const forms = "N|+N|- N|$N|N usdt|Nu|N%|half|-max|=N|= $N|double|x N|to N|to N usdt|to N%|liq N|liq to N|N% away".split(
  "|",
);
const goal = fc.tuple(fc.constantFrom(...forms), number).map(([form, text]) => form.replace("N", () => text));

/** All orders of a few parts. */
function orders(parts: readonly string[]): readonly string[] {
  if (parts.length < 2) return parts;
  return parts.flatMap((first, at) => orders(parts.toSpliced(at, 1)).map((rest) => `${first} ${rest}`));
}

// A fault quotes the text, which differs in its order.
function meaning(text: string): LineReading | string {
  const line = readLine(text);
  return line.kind === "fault" ? line.fault : line;
}

describe("words in any order", () => {
  it("say the same", () => {
    fc.assert(
      fc.property(name, side, verb, goal, (...parts) => {
        const [first, ...others] = orders(parts.filter((part) => part !== "")).map(meaning);
        for (const other of others) expect(other).toEqual(first);
      }),
      RUNS,
    );
  });

  it("aim at the same figure wherever its to stands, and add the same where a to leads to the name", () => {
    fc.assert(
      fc.property(name, side, number, (symbol, holdSide, text) => {
        for (const named of orders([symbol, holdSide])) {
          for (const goal of ["to", "liq to", "liq"]) {
            expect(meaning(`${goal} ${named} ${text}`)).toEqual(meaning(`${named} ${goal} ${text}`));
          }
          expect(meaning(`add ${text} to ${named}`)).toEqual(meaning(`${named} +${text}`));
          expect(meaning(`add to ${named} ${text}`)).toEqual(meaning(`${named} +${text}`));
        }
      }),
    );
  });

  it("come to the same amount below one, or to one in a coin that other margin refuses", () => {
    const fraction = fc.stringMatching(/^0[.,]\d{0,5}[1-9]$/);
    fc.assert(
      fc.property(fraction, side, verb, (text, ...others) => {
        const plain = readLine(`btc ${text} ${others.join(" ")}`);
        const expression =
          plain.kind === "line" && plain.said?.kind === "expression" ? plain.said.expression : undefined;
        for (const order of orders(["btc", text, ...others.filter((part) => part !== "")])) {
          expect([
            plain,
            { ...plain, said: { kind: "expression", expression: { ...expression, coin: "BTC" } } },
          ]).toContainEqual(readLine(order));
        }
        if (expression !== undefined)
          expect(resolveExpression({ ...expression, coin: "BTC" } as AmountExpression, FIGURES)).toMatchObject({
            fault: "other_coin",
          });
      }),
    );
  });
});

describe("reading a number", () => {
  it("never takes one of two plausible values without asking", () => {
    fc.assert(
      fc.property(grouped, (text) => {
        const [read, plausible] = [figures(readExpression(text)), meanings(text)];
        for (const value of read) if (!text.includes(" ")) expect(plausible).toContain(value);
        if (plausible.size > 1 && read.length > 0) expect(new Set(read)).toEqual(plausible);
      }),
      RUNS,
    );
  });

  it("reads what it can only read one way", () => {
    fc.assert(
      fc.property(digits, (text) => {
        const read = figures(readExpression(text));
        expect(read).toContain(decimal(text));
        expect(read.length).toBe(/^[1-9]\d*\.\d{3}$/.test(text) ? 2 : 1);
      }),
    );
  });

  it("reads the digits of every script as ours", () => {
    const zeros = [0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0xff10, 0x1d7ce, 0x1d7d8, 0x1d7f6, 0x1fbf0, 0x1e950];
    fc.assert(
      fc.property(fc.constantFrom(...zeros), fc.stringMatching(/^[1-9]\d{0,8}$/), (zero, text) => {
        const foreign = [...text].map((digit) => String.fromCodePoint(zero + digit.charCodeAt(0) - 48)).join("");
        expect(readExpression(foreign)).toEqual(readExpression(text));
      }),
    );
  });
});

describe("printing a wish", () => {
  it("is read again as the same wish", () => {
    fc.assert(
      fc.property(expressions, (expression) => {
        expect(readExpression(printExpression(expression))).toEqual({ kind: "expression", expression });
        expect(readLine(`btc long ${printExpression(expression)}`)).toMatchObject({
          symbol: "BTC",
          said: { kind: "expression", expression },
        });
      }),
      RUNS,
    );
  });

  it("is read again as the same wish whatever was typed", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const reading = readExpression(text);
        const read =
          reading.kind === "expression" ? [reading.expression] : reading.kind === "ask" ? reading.choices : [];
        for (const expression of read)
          expect(readExpression(printExpression(expression))).toEqual({ kind: "expression", expression });
      }),
      RUNS,
    );
  });
});

describe("hostile text", () => {
  it("never throws, and comes to an amount above zero or to none", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        readLine(text);
        const reading = readExpression(text);
        if (reading.kind !== "expression") return;
        const resolved = resolveExpression(reading.expression, FIGURES);
        if (resolved.kind === "resolved") expect(resolved.amount).toMatch(/^(?!0$)\d+(?:\.\d{1,4})?$/);
      }),
      { numRuns: 5000 },
    );
  });

  it("is refused unread where it is too long", () => {
    const endless = fc.string({ unit: "binary", minLength: LINE_MAX + 1, maxLength: 4096 });
    fc.assert(
      fc.property(endless, (text) => {
        expect(readLine(text)).toMatchObject({ fault: "too_long" });
        expect(readExpression(text)).toMatchObject({ fault: "too_long" });
      }),
      { numRuns: 50 },
    );
  });

  it.each(["(", "1,", "1 ", "'1", "-+", "a.", "x", "/a", "١", "多", "%3a", "take out ", "\t", "=$", "½"])(
    "is refused or read at full length when it repeats %j",
    (piece) => {
      expect(readExpression(piece.repeat(64).slice(0, WISH_MAX)).kind).toMatch(/fault|wish|ask/);
      expect(readLine(piece.repeat(256).slice(0, LINE_MAX)).kind).toMatch(/fault|line/);
    },
  );
});

describe("cutting off", () => {
  it("never makes an amount larger", () => {
    fc.assert(
      fc.property(figure, (value: Decimal) => {
        const resolved = resolveExpression({ kind: "amount", digits: value }, FIGURES);
        if (resolved.kind !== "resolved") return;
        expect(value.startsWith(resolved.amount)).toBe(true);
        expect(resolved.cutFrom).toBe(value === resolved.amount ? undefined : value);
      }),
    );
  });
});
