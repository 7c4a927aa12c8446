import { describe, expect, it } from "vitest";
import { contractOf } from "../../../src/paper/ledger/contracts.ts";
import { divide } from "../../../src/paper/ledger/decimal.ts";
import { type Figures, liquidationPrice, marginRatio, removableMargin } from "../../../src/paper/ledger/liquidation.ts";
import { get, SINGLE_POSITION, startExchange } from "../world.ts";

/** The example on Bitget's page on single-position. */
const SAMPLE: Figures = {
  side: "long",
  margin: "9.6695050093373343",
  size: "0.01",
  entryPrice: "25000",
  markPrice: "25100",
  leverage: "20",
  takerFeeRate: "0.0006",
  coinPrice: "1",
  tiers: contractOf("BTCUSDT").tiers,
};

/** The example of Bitget's article on tiered maintenance: the second tier, with an offset, begins at 200 000. */
const TIERED: Figures = {
  ...SAMPLE,
  margin: "16500",
  size: "3",
  entryPrice: "110000",
  markPrice: "110000",
  tiers: [
    { startUnit: "0", endUnit: "200000", leverage: "100", keepMarginRate: "0.004" },
    { startUnit: "200000", endUnit: "1000000", leverage: "50", keepMarginRate: "0.005" },
  ],
};

const cents = (price: string) => divide(price, "1", 2);

describe("a liquidation price", () => {
  it("is the one that Bitget prints for its own example, in all digits", () => {
    expect(liquidationPrice(SAMPLE)).toBe("24144.1124161806977798");
  });

  it.each([
    ["a short", { ...SAMPLE, side: "short" as const }, "25848.05"],
    ["a long of the second tier", TIERED, "105021.45"],
    ["a short of the second tier", { ...TIERED, side: "short" as const }, "114923.1"],
    ["a long with 20 USDT more", { ...SAMPLE, margin: "29.6695050093373343" }, "22134.87"],
  ])("follows the same formula for %s", (_, figures, price) => {
    expect(cents(liquidationPrice(figures))).toBe(price);
  });

  it.each([
    ["long", "56660.64"],
    ["short", "63308.78"],
  ] as const)("of a coin-margined %s counts the margin at the coin's price", (side, price) => {
    const coin = { margin: "0.03", size: "0.5", entryPrice: "60000", markPrice: "60000", coinPrice: "60000" };
    expect(cents(liquidationPrice({ ...SAMPLE, ...coin, side }))).toBe(price);
  });

  it("is at or below zero when the margin covers any fall", () => {
    expect(liquidationPrice({ ...SAMPLE, margin: "260" })).toMatch(/^-/);
  });
});

describe("a risk ratio", () => {
  it("is the one that Bitget prints for its own example, in all digits", () => {
    expect(marginRatio(SAMPLE)).toBe("0.1082149545822005");
  });

  it("is 1 when nothing is left", () => {
    expect(marginRatio({ ...SAMPLE, markPrice: "24000" })).toBe("1");
  });
});

describe("the margin that may leave", () => {
  it.each([
    ["25100", "17.45"],
    ["24800", "15.5"],
    ["20000", "0"],
  ])("at a mark price of %s is %s", (markPrice, amount) => {
    expect(removableMargin({ ...SAMPLE, margin: "30", markPrice })).toBe(amount);
  });
});

it("the exchange prints the example as Bitget does", async () => {
  const { margin: marginSize, size: total, entryPrice: openPriceAvg, leverage } = SAMPLE;
  const position = { symbol: "BTCUSDT", holdSide: "long", marginSize, total, openPriceAvg, leverage } as const;
  const exchange = await startExchange({ positions: [position] });
  exchange.setPrice("BTCUSDT", "25100");
  const parameters = { symbol: "BTCUSDT", productType: "USDT-FUTURES", marginCoin: "USDT" };
  expect((await get(exchange, SINGLE_POSITION, parameters)).data).toMatchObject([
    {
      marginSize,
      liquidationPrice: "24144.1124161806977798",
      marginRatio: "0.1082149545822005",
      markPrice: "25100.0",
      unrealizedPL: "1",
      keepMarginRate: "0.004",
    },
  ]);
});
