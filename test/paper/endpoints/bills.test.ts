import { describe, expect, it } from "vitest";
import type { PaperExchange } from "../../../src/paper/exchange.ts";
import { adjust, BILLS, get, START, startExchange } from "../world.ts";

interface Row {
  readonly billId: string;
  readonly amount: string;
  readonly businessType: string;
}

interface Page {
  readonly bills: readonly Row[];
  readonly endId: string;
}

async function billRows(exchange: PaperExchange, parameters: Record<string, string> = {}): Promise<readonly Row[]> {
  return (await get<Page>(exchange, BILLS, { productType: "USDT-FUTURES", ...parameters })).data.bills;
}

async function amounts(exchange: PaperExchange, parameters: Record<string, string> = {}): Promise<readonly string[]> {
  return (await billRows(exchange, parameters)).map((row) => row.amount);
}

describe("bills", () => {
  it("tell each movement of margin with its sign, the newest first, and not its side", async () => {
    const exchange = await startExchange();
    await adjust(exchange, { amount: "20" });
    await adjust(exchange, { amount: "-5.50" });
    const rows = await billRows(exchange);
    expect(rows).toEqual([
      {
        billId: "1400000000000000002",
        symbol: "BTCUSDT",
        amount: "-5.5",
        fee: "0",
        feeByCoupon: "",
        businessType: "reduce_margin",
        coin: "USDT",
        balance: "1485.5",
        cTime: `${START}`,
      },
      expect.objectContaining({ billId: "1400000000000000001", amount: "20", businessType: "append_margin" }),
    ]);
  });

  it("tell what others did in the same words, and what the exchange did in its own", async () => {
    const exchange = await startExchange();
    exchange.setMarginOutside("BTCUSDT", "long", "7");
    exchange.setMarginOutside("BTCUSDT", "long", "-3");
    exchange.autoAppend("ETHUSDT", "long", "11");
    expect((await billRows(exchange)).map(({ amount, businessType }) => [amount, businessType])).toEqual([
      ["11", "auto_append_margin"],
      ["-3", "reduce_margin"],
      ["7", "append_margin"],
    ]);
    expect(exchange.applied()).toEqual([]);
    expect(exchange.balance("USDT")).toBe("1485");
  });

  it("come in pages that follow one another by number", async () => {
    const exchange = await startExchange();
    for (let count = 1; count <= 25; count += 1) exchange.setMarginOutside("BTCUSDT", "long", `${count}`);
    const first = (await get<Page>(exchange, BILLS, { productType: "USDT-FUTURES" })).data;
    expect(first.bills).toHaveLength(20);
    expect(first.endId).toBe(first.bills.at(-1)?.billId);
    expect(await amounts(exchange, { idLessThan: first.endId })).toEqual(["5", "4", "3", "2", "1"]);
    expect(await amounts(exchange, { limit: "2" })).toEqual(["25", "24"]);
  });

  it("are chosen by time, both ends included, and by type", async () => {
    const clock = { time: START };
    const exchange = await startExchange({}, clock);
    for (const amount of ["1", "-2", "3"]) {
      exchange.setMarginOutside("BTCUSDT", "long", amount);
      clock.time += 1000;
    }
    expect(await amounts(exchange, { startTime: `${START + 1000}` })).toEqual(["3", "-2"]);
    expect(await amounts(exchange, { startTime: `${START + 1}`, endTime: `${START + 1999}` })).toEqual(["-2"]);
    expect(await amounts(exchange, { businessType: "append_margin" })).toEqual(["3", "1"]);
    expect(await amounts(exchange, { onlyFunding: "no" })).toHaveLength(3);
  });

  it("of margin are hidden by onlyFunding, and those of another product by theirs", async () => {
    const exchange = await startExchange();
    await adjust(exchange);
    expect(await amounts(exchange, { onlyFunding: "yes" })).toEqual([]);
    expect(await amounts(exchange, { productType: "USDC-FUTURES" })).toEqual([]);
  });

  it.each([
    [{ limit: "101" }, "40020"],
    [{ limit: "0" }, "40020"],
    [{ startTime: "yesterday" }, "40020"],
    [{ startTime: `${START - 30 * 86_400_000 - 1}`, endTime: `${START}` }, "400172"],
    [{ startTime: `${START - 30 * 86_400_000}`, endTime: `${START}` }, "00000"],
    [{ productType: "" }, "400172"],
  ])("asked for with %j give %s", async (parameters, code) => {
    const exchange = await startExchange();
    expect((await get(exchange, BILLS, { productType: "USDT-FUTURES", ...parameters })).code).toBe(code);
  });

  it("can show late by the clock, while earlier ones still show", async () => {
    const clock = { time: START };
    const exchange = await startExchange({}, clock);
    await adjust(exchange, { amount: "1" });
    exchange.billDelay({ ms: 5000 });
    await adjust(exchange, { amount: "2" });
    clock.time += 4999;
    expect(await amounts(exchange)).toEqual(["1"]);
    clock.time += 1;
    expect(await amounts(exchange)).toEqual(["2", "1"]);
  });

  it("can show late by the number of reads", async () => {
    const exchange = await startExchange();
    exchange.billDelay({ reads: 2 });
    await adjust(exchange, { amount: "2" });
    const seen = [await amounts(exchange), await amounts(exchange), await amounts(exchange)];
    expect(seen).toEqual([[], [], ["2"]]);
    expect(exchange.bills()).toHaveLength(1);
  });
});

it("of margin are written as the free balance moves, where the exchange is told so", async () => {
  const exchange = await startExchange({ billSign: "balance" });
  await adjust(exchange, { amount: "20" });
  await adjust(exchange, { amount: "-5.50" });
  const rows = await billRows(exchange);
  expect(rows.map(({ amount, businessType }) => [amount, businessType])).toEqual([
    ["5.5", "reduce_margin"],
    ["-20", "append_margin"],
  ]);
});
