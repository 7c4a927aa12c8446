import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { typingPage } from "../../../scripts/typing-table.ts";
import { EXAMPLES, type ParsedExpression, printExpression } from "../../../src/margin/input/expression.ts";
import { LINE_MAX, readExpression, readLine, WISH_MAX } from "../../../src/margin/input/parse.ts";
import type { How } from "../../../src/margin/model/amount-origin.ts";
import {
  type Amount,
  add,
  decimal,
  multiply,
  type Price,
  type Ratio,
  subtract,
} from "../../../src/margin/model/decimal.ts";
import { type ExpressionFigures, type Resolved, resolveExpression } from "../../../src/margin/sizing/resolve-amount.ts";
import { CORPUS, type Group, POSITION } from "./corpus.ts";

// Not Bitget's arithmetic: a line through a liquidation price of 24640 that makes the sums easy to follow.
function marginFor(price: Price): Amount {
  const nearer = subtract(decimal<"price">("24640"), price);
  return add(decimal<"margin coin">(POSITION.margin), multiply<"margin coin">(nearer, decimal("0.1001051")));
}

const FIGURES: ExpressionFigures = {
  holdSide: "long",
  marginCoin: "USDT",
  decimalsMax: 4,
  margin: decimal(POSITION.margin),
  free: decimal(POSITION.free),
  removable: decimal(POSITION.removable),
  markPrice: decimal(POSITION.markPrice),
  bare: "add",
  most: decimal(POSITION.most),
  marginForLiquidation: marginFor,
  marginForDistance: (ratio) =>
    marginFor(multiply<"price">(decimal(POSITION.markPrice), subtract(decimal<"ratio">("1"), ratio))),
};

function percent(ratio: Ratio): string {
  return `${multiply(ratio, decimal("100"))}%`;
}

function told(how: How): string {
  switch (how.kind) {
    case "typed":
      return "";
    case "share":
      return `, ${percent(how.share)} of ${how.whole} ${how.of}`;
    case "max":
      return `, max less ${percent(how.reserve)} of ${how.whole} ${how.of}`;
    case "target":
      return `, margin ${how.margin}`;
    case "times":
      return `, margin x${how.factor}`;
    case "liquidation":
      return `, liquidation ${how.price}`;
    case "distance":
      return `, distance ${percent(how.ratio)}`;
  }
}

function said(reading: ParsedExpression): string {
  if (reading.kind === "fault") return `refused: ${reading.fault}`;
  return reading.kind === "expression"
    ? printExpression(reading.expression)
    : reading.choices.map(printExpression).join(" or ");
}

function resolvedAs(resolved: Resolved): string {
  if (resolved.kind === "ask") return resolved.choices.map(printExpression).join(" or ");
  if (resolved.kind === "fault") return `refused: ${resolved.fault} ${resolved.what}`.trim();
  const { direction, amount, how, cutFrom } = resolved;
  return `${direction} ${amount}${cutFrom === undefined ? "" : `, cut off from ${cutFrom}`}${told(how)}`;
}

const READERS: Readonly<Record<Group["where"], (typed: string) => string>> = {
  amount: (typed) => said(readExpression(typed)),
  line: (typed) => {
    const line = readLine(typed);
    if (line.kind === "fault") return `refused: ${line.fault}`;
    const { symbol, holdSide, said: expression, direction } = line;
    const parts = [symbol, holdSide, expression && said(expression), direction].filter((part) => part !== undefined);
    return parts.length === 0 ? "nothing" : parts.join(" ");
  },
  position: (typed) => {
    const reading = readExpression(typed);
    return reading.kind === "expression" ? resolvedAs(resolveExpression(reading.expression, FIGURES)) : said(reading);
  },
};

describe.each(CORPUS)("$title", ({ where, entries }) => {
  it.each(entries)("reads %j as %s", (typed, read) => {
    expect(READERS[where](typed)).toBe(read);
  });
});

describe("the corpus", () => {
  it("has at least 300 inputs, none of them twice in one place", () => {
    const typed = CORPUS.flatMap(({ where, entries }) => entries.map(([text]) => `${where} ${text}`));
    expect(typed.length).toBeGreaterThanOrEqual(300);
    expect(new Set(typed).size).toBe(typed.length);
  });

  it("is what docs/typing.md shows", () => {
    expect(readFileSync("docs/typing.md", "utf8")).toBe(typingPage());
  });
});

describe("readWish", () => {
  it("gives the direction chosen already to what says none, and to nothing else", () => {
    expect(readExpression("20", { bare: "remove" })).toMatchObject({ expression: { direction: "remove" } });
    expect(readExpression("+20", { bare: "remove" })).toMatchObject({ expression: { direction: "add" } });
    expect(readExpression("half", { bare: "remove" })).toMatchObject({ expression: { direction: "remove" } });
    expect(readExpression("1,500", { bare: "remove" })).toMatchObject({
      choices: [{ direction: "remove" }, { direction: "remove" }],
    });
    expect(readExpression("=500", { bare: "remove" })).toEqual({
      kind: "expression",
      expression: { kind: "target", margin: "500" },
    });
  });

  it("lets the direction chosen already complete what is only half said, and nothing that says the other", () => {
    const removal = { kind: "expression", expression: { kind: "amount", digits: "50", direction: "remove" } };
    for (const typed of ["50 from", "take 50", "get 50", "50 out", "50 off", "take 50 out"]) {
      expect(readExpression(typed, { bare: "remove" })).toEqual(removal);
    }
    for (const typed of ["50 from", "take 50", "get 50", "from 50"]) {
      expect(readExpression(typed, { bare: "add" })).toMatchObject({ fault: "unclear_direction" });
    }
    expect(readExpression("50 out", { bare: "add" })).toEqual(removal);
    expect(readExpression("half from", { bare: "remove" })).toMatchObject({
      expression: { share: "0.5", direction: "remove" },
    });
    expect(readExpression("from 50", { bare: "remove" })).toMatchObject({ fault: "unclear_direction" });
    expect(readExpression("take +50", { bare: "remove" })).toMatchObject({ fault: "two_directions" });
    expect(readExpression("25% of margin", { bare: "remove" })).toMatchObject({ fault: "unclear_whole" });
    expect(readExpression("margin 50", { bare: "remove" })).toMatchObject({ fault: "unclear_margin" });
  });

  it.each(EXAMPLES)("reads its own example %s", (example) => {
    expect(readExpression(example).kind).toBe("expression");
  });

  it("looks at texts up to a length, and refuses the next longer one", () => {
    expect(readExpression(" ".repeat(WISH_MAX - 2) + 20).kind).toBe("expression");
    expect(readExpression(" ".repeat(WISH_MAX - 1) + 20)).toMatchObject({ fault: "too_long" });
    expect(readLine(" ".repeat(LINE_MAX - 2) + 20).kind).toBe("line");
    expect(readLine(" ".repeat(LINE_MAX - 1) + 20)).toMatchObject({ fault: "too_long" });
  });

  it("names the piece that it could not read, and cuts it short", () => {
    expect(readLine("btc lоng")).toEqual({ kind: "fault", fault: "look_alike", what: "lоng" });
    expect(readExpression("\u202e20")).toEqual({ kind: "fault", fault: "hidden", what: "U+202E" });
    expect(readLine("put 50 in btc")).toEqual({ kind: "fault", fault: "two_symbols", what: "in, btc" });
    expect(readLine("cut 50 from btc")).toEqual({ kind: "fault", fault: "unclear_direction", what: "cut" });
    expect(readExpression("50 from balance")).toEqual({ kind: "fault", fault: "unclear_whole", what: "balance" });
    const long = readExpression("x".repeat(4096));
    expect(long.kind === "fault" && long.what.length).toBe(32);
  });
});

describe("resolveWish", () => {
  const read = (typed: string, change: Partial<ExpressionFigures> = {}) => {
    const reading = readExpression(typed);
    return reading.kind === "expression"
      ? resolvedAs(resolveExpression(reading.expression, { ...FIGURES, ...change }))
      : said(reading);
  };

  it("takes a bare amount the way that was chosen, and a sign against it", () => {
    expect(read("20", { bare: "remove" })).toBe("remove 20");
    expect(read("+20", { bare: "remove" })).toBe("add 20");
    expect(read("half", { bare: "remove" })).toBe("remove 40, 50% of 80 removable");
  });

  it("refuses a part of what nobody knows, or of nothing", () => {
    const { removable: _, ...unbounded } = FIGURES;
    const expression = { kind: "max", direction: "remove" } as const;
    expect(resolveExpression(expression, unbounded)).toMatchObject({ fault: "removable_unknown" });
    expect(read("-half", { removable: decimal("0") })).toBe("refused: nothing_there removable");
    expect(read("max", { free: decimal("0") })).toBe("refused: nothing_there free");
  });

  it("wants the liquidation price of a short above the mark price", () => {
    const short = { holdSide: "short", marginForLiquidation: () => decimal<"margin coin">("300") } as const;
    expect(read("liq 26000", short)).toBe("add 27.5, liquidation 26000");
    expect(read("liq 25684", short)).toBe("refused: beyond_mark 25684");
    expect(read("liq 24000", short)).toBe("refused: beyond_mark 24000");
    expect(read("150% away", { ...short, marginForDistance: () => decimal<"margin coin">("300") })).toBe(
      "add 27.5, distance 150%",
    );
  });

  it("refuses a goal for which there is no estimate", () => {
    expect(read("liq 24000", { marginForLiquidation: () => undefined })).toBe("refused: not_estimated 24000");
    expect(read("liq 24000", { marginForLiquidation: () => decimal("-1") })).toBe("refused: no_estimate 24000");
    expect(read("15% away", { marginForDistance: () => undefined })).toBe("refused: not_estimated 0.15");
  });

  it("takes dollars for USDT and USDC, and no coin for another", () => {
    expect(read("20 usdc", { marginCoin: "USDC" })).toBe("add 20");
    expect(read("20u", { marginCoin: "USDC" })).toBe("add 20");
    expect(read("$20", { marginCoin: "BTC", decimalsMax: 8 })).toBe("refused: other_coin USD");
    expect(read("0.01 btc", { marginCoin: "BTC", decimalsMax: 8 })).toBe("add 0.01");
  });

  it("takes a figure for a margin only where it is close, or where zeros behind it make no price", () => {
    const high = { margin: decimal<"margin coin">("612.5"), markPrice: decimal<"price">("100000") };
    expect(read("to 500", high)).toBe("remove 112.5, margin 500");
    expect(read("to 1225", high)).toBe("add 612.5, margin 1225");
    expect(read("to 62", high)).toBe("=62 or liq 62000");
    expect(read("to 54", high)).toBe("=54 or liq 54000");
    expect(read("to 306", high)).toBe("=306 or liq 30600");
    const short = { ...high, holdSide: "short" } as const;
    expect(read("to 120", short)).toBe("=120 or liq 120000");
    expect(read("to 100", short)).toBe("remove 512.5, margin 100");
    expect(read("to 101", short)).toBe("=101 or liq 101000");
    expect(read("to 62", { ...high, markPrice: decimal("0.15") })).toBe("remove 550.5, margin 62");
  });

  it("asks about millions over the cap only, and not once more after the answer", () => {
    expect(read("0.005m")).toBe("add 5000");
    expect(read("0.0051m")).toBe("0.0051 or 5100");
    expect(read("5100")).toBe("add 5100");
    const expression = { kind: "amount", digits: decimal("5100") } as const;
    expect(resolveExpression(expression, FIGURES)).toMatchObject({ kind: "resolved", amount: "5100" });
  });
});
