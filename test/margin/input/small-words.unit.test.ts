/** Small words put anywhere into what people type: none of them is passed over that could turn it into something else. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AmountExpression, type ParsedExpression, printExpression } from "../../../src/margin/input/expression.ts";
import { type LineReading, readExpression, readLine } from "../../../src/margin/input/parse.ts";

const REMOVING = (
  "from|out|off|out of|off of|take|pull|get|take out|pull out|remove|reduce|withdraw|minus|-|less|cut|lower|decrease|subtract|" +
  "deduct|without|back"
).split("|");
const ADDING = "add|put|put in|top up|plus|+".split("|");
const WHOLES =
  "margin|balance|free|available|total|equity|size|notional|pnl|profit|collateral|wallet|funds|position|removable".split(
    "|",
  );
const NEGATING = "not|no|don't|dont|never|cancel|undo|stop".split("|");
/** Words that say what the number is: a figure to reach, a distance, a factor, a part. */
const GOALS = "to|away|distance|liq|liquidation|x|times|*|=|%|percent".split("|");
const OTHERS = "by|of|at|on|onto|in|into|for|with|more|up|down|mark|price|entry|leverage|usdt|$|usd|and|please".split(
  "|",
);
const MARKS = ["/", "_", ":", ",", ".", ";", "!", "?", "(", ")", "~", "≈", "|", "•", "'", "🔻", "⬇️", "👎", "📉", "〜"];
const WORDS = [...REMOVING, ...ADDING, ...WHOLES, ...NEGATING, ...GOALS, ...OTHERS, ...MARKS];

const AMOUNTS = ["50", "$50", "50 usdt", "25%", "half", "max"];
const TYPED_GOALS = [
  ...AMOUNTS,
  ...AMOUNTS.flatMap((amount) => [`add ${amount}`, `${amount} add`, `remove ${amount}`, `${amount} remove`]),
  ...["+50", "-50", "- 50", "-25%", "-half", "-max"],
  ...["=500", "to 500", "reduce to 500", "add to 500", "liq 54000", "15% away", "to 15%", "x2", "double"],
];
const LINES = TYPED_GOALS.flatMap((goal) => [`btc long ${goal}`, `${goal} btc long`, `btc ${goal} long`]);

/** The word between any two words of a text, before the first and behind the last. */
function withWord(text: string, word: string): readonly string[] {
  const words = text.split(" ");
  return Array.from({ length: words.length + 1 }, (_, at) => words.toSpliced(at, 0, word).join(" "));
}

function wishesOf(reading: ParsedExpression): readonly AmountExpression[] {
  if (reading.kind === "fault") return [];
  return reading.kind === "expression" ? [reading.expression] : reading.choices;
}

function saidIn(line: LineReading): readonly AmountExpression[] {
  return line.kind === "line" && line.said !== undefined ? wishesOf(line.said) : [];
}

function directionOf(expression: AmountExpression): string | undefined {
  return "direction" in expression ? expression.direction : undefined;
}

/** What an expression is about apart from its direction and the spelling of its coin. */
function figure(expression: AmountExpression): string {
  const { direction: _, ...rest } = expression as AmountExpression & { readonly direction?: string };
  return printExpression({ ...rest, coin: undefined } as unknown as AmountExpression);
}

function isPart({ kind }: AmountExpression): boolean {
  return kind === "share" || kind === "max";
}

/** What is wrong with reading a text so, once `word` stands in it; `plain` is what is read without the word. */
function wrong(
  word: string,
  expression: AmountExpression,
  plain: AmountExpression | undefined,
  isChosen = false,
): string | undefined {
  const direction = directionOf(expression);
  if (REMOVING.includes(word) && direction !== "remove") return "a word that takes out does not remove";
  if (NEGATING.includes(word)) return "a word that forbids is passed over";
  if (isPart(expression) && word === "by") return "a part by which something changes is one of the margin";
  if (isPart(expression) && word === "of" && direction !== "remove")
    return "a part of something is one of the free balance";
  const isAllMargin = expression.kind === "max" && word === "margin" && direction !== undefined;
  if (isPart(expression) && WHOLES.includes(word) && !isAllMargin) return "a part is one of another whole";
  if (plain === undefined) return undefined;
  const isSaid = (REMOVING.includes(word) && direction === "remove") || (ADDING.includes(word) && direction === "add");
  // A figure to reach has no direction of its own, and takes none that was only chosen.
  const isGoal = isChosen && GOALS.includes(word) && direction === undefined;
  if (direction !== directionOf(plain) && !isSaid && !isGoal) return "the direction is another one";
  const mayBeOther = GOALS.includes(word) || (word === "margin" && plain.kind === "to" && expression.kind === "target");
  return figure(expression) !== figure(plain) && !mayBeOther ? "the figure is another one" : undefined;
}

describe.each(WORDS)("%j anywhere in a text", (word) => {
  it("never turns a line around, nor makes it a part of something else", () => {
    const faults = LINES.flatMap((text) => {
      const plain = saidIn(readLine(text));
      return withWord(text, word).flatMap((typed) => {
        const line = readLine(typed);
        const faults = saidIn(line).map((expression, at) => wrong(word, expression, plain[at]));
        if (line.kind === "line" && line.symbol !== "BTC" && line.symbol !== "BTCUSDT" && line.symbol !== "BTCUSD")
          faults.push("the name is another one");
        return faults.filter((fault) => fault !== undefined).map((fault) => `${typed}: ${fault}`);
      });
    });
    expect(faults).toEqual([]);
  });

  it.each(["add", "remove", undefined] as const)("never turns an amount around where %s is asked for", (bare) => {
    const chosen = bare === undefined ? {} : { bare };
    const faults = TYPED_GOALS.flatMap((text) => {
      const plain = wishesOf(readExpression(text, chosen));
      const isChosen = wishesOf(readExpression(text)).some((expression) => directionOf(expression) === undefined);
      return withWord(text, word).flatMap((typed) =>
        wishesOf(readExpression(typed, chosen))
          // A word behind a number is a coin, which other margin refuses.
          .filter((expression) => !("coin" in expression) || expression.coin === "USD" || expression.coin === "USDT")
          .map((expression, at) => wrong(word, expression, plain[at], isChosen))
          .filter((fault) => fault !== undefined)
          .map((fault) => `${typed}: ${fault}`),
      );
    });
    expect(faults).toEqual([]);
  });

  it("leads to no question about adding where it takes out", () => {
    const asked = withWord("btc long", word).map((typed) => readLine(typed));
    const directions = asked.map((line) => (line.kind === "line" ? line.direction : "refused"));
    const wanted = REMOVING.includes(word) ? ["remove", "refused"] : [...directions];
    for (const direction of directions) expect(wanted).toContain(direction);
  });
});

describe("many small words at once", () => {
  const word = fc.constantFrom(...WORDS.filter((one) => !NEGATING.includes(one)));
  const sentence = fc
    .tuple(fc.constantFrom(...LINES), fc.array(word, { minLength: 1, maxLength: 3 }))
    .chain(([line, small]) => {
      const parts = [...small, ...line.split(" ")];
      const typed = fc.shuffledSubarray(parts, { minLength: parts.length }).map((words) => words.join(" "));
      return fc.record({ small: fc.constant(small), typed });
    });

  it("never add where one of them takes out, and never make a part one of something else", () => {
    fc.assert(
      fc.property(sentence, ({ small, typed }) => {
        const line = readLine(typed);
        for (const expression of saidIn(line))
          for (const one of small) expect(wrong(one, expression, undefined)).toBeUndefined();
        if (line.kind === "line" && line.direction === "add")
          expect(REMOVING.some((one) => small.includes(one))).toBe(false);
      }),
      { numRuns: 20_000 },
    );
  });
});
