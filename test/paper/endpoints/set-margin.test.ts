import { describe, expect, it } from "vitest";
import { adjust, adjustment, get, reply, SET_MARGIN, START, send, startExchange } from "../world.ts";

describe("set-margin refuses", () => {
  it.each([
    ["a symbol in lower case", { symbol: "btcusdt" }, "40034"],
    ["a symbol with the old suffix", { symbol: "BTCUSDT_UMCBL" }, "40034"],
    ["a symbol of another product", { symbol: "BTCPERP" }, "40034"],
    ["a call without a symbol", { symbol: undefined }, "40019"],
    ["a call without a productType", { productType: undefined }, "400172"],
    ["a productType in lower case", { productType: "usdt-futures" }, "400172"],
    ["a margin coin in lower case", { marginCoin: "usdt" }, "400172"],
    ["a margin coin that the contract does not take", { marginCoin: "USDC" }, "40778"],
    ["a call without a margin coin", { marginCoin: "" }, "40019"],
    ["a side that is none", { holdSide: "buy" }, "40020"],
    ["a call without an amount", { amount: undefined }, "40019"],
    ["nothing", { amount: "0" }, "40017"],
    ["nothing with decimals", { amount: "0.0000" }, "40017"],
    ["an amount that is a JSON number", { amount: 20 }, "40017"],
    ["an amount in words", { amount: "twenty" }, "40017"],
    ["an amount with an exponent", { amount: "2e1" }, "40017"],
    ["an amount with a comma", { amount: "1,5" }, "40017"],
    ["an amount with a plus", { amount: "+20" }, "40017"],
    ["a side without a position", { holdSide: "short" }, "40802"],
    ["a contract without a position", { symbol: "DOGEUSDT" }, "40802"],
    ["more than is free", { amount: "1500.0001" }, "40798"],
    ["to take out more than may leave", { amount: "-112.5001" }, "40801"],
    ["to take anything out of a losing position", { symbol: "ETHUSDT", amount: "-0.0001" }, "40801"],
  ])("%s", async (_, changes, code) => {
    const exchange = await startExchange();
    const before = exchange.position("BTCUSDT", "long");
    expect(await adjust(exchange, changes)).toMatchObject({ status: 400, code, data: null });
    expect(exchange.position("BTCUSDT", "long")).toEqual(before);
    expect(exchange.balance("USDT")).toBe("1500");
    expect(exchange.bills()).toEqual([]);
  });

  it.each([
    ["a crossed position", { symbol: "XRPUSDT" }, "margin mode == FIXED"],
    ["a call without a side", { holdSide: undefined }, "hold side is null"],
    ["a fifth decimal of USDT", { amount: "20.00001" }, "checkBDScale error value=20.00001 checkScale=4"],
    ["a fifth decimal that is zero", { amount: "20.00000" }, "checkScale=4"],
  ])("%s with the code 40808, and says which check failed", async (_, changes, words) => {
    const exchange = await startExchange();
    const answer = await adjust(exchange, changes);
    expect(answer.code).toBe("40808");
    expect(answer.msg).toContain(words);
  });

  it.each(["", "[]", "null", "{", "symbol=BTCUSDT"])("a body that is no JSON object: %j", async (body) => {
    const exchange = await startExchange();
    expect(await reply(await send(exchange, "POST", SET_MARGIN, body))).toMatchObject({ status: 400, code: "400172" });
  });

  it("a GET, a longer path and a path that does not exist", async () => {
    const exchange = await startExchange();
    for (const path of [SET_MARGIN, "/api/v2/mix/account/set-margin/", "/api/user/api-key-info", "/toString"]) {
      expect(await get(exchange, path)).toMatchObject({ status: 404, code: "40404" });
    }
  });

  it("a body of more than 64 KB", async () => {
    const exchange = await startExchange();
    const answer = await reply(await send(exchange, "POST", SET_MARGIN, " ".repeat(64 * 1024 + 1)));
    expect(answer.status).toBe(413);
  });
});

describe("set-margin", () => {
  it("answers with a bare success", async () => {
    const exchange = await startExchange();
    const response = await send(exchange, "POST", SET_MARGIN, adjustment());
    expect(await response.text()).toBe(`{"code":"00000","msg":"success","requestTime":${START},"data":""}`);
  });

  it("moves the exact amount from the free balance into the position, and back", async () => {
    const exchange = await startExchange();
    await adjust(exchange, { amount: "0.1001" });
    await adjust(exchange, { amount: "1200.2002" });
    expect(exchange.position("BTCUSDT", "long")?.marginSize).toBe("1812.8003");
    expect(exchange.balance("USDT")).toBe("299.6997");
    await adjust(exchange, { amount: "-1200.3003" });
    expect(exchange.position("BTCUSDT", "long")?.marginSize).toBe("612.5");
    expect(exchange.balance("USDT")).toBe("1500");
  });

  it("takes the last of the free balance, and the last that may leave a position", async () => {
    const exchange = await startExchange();
    expect((await adjust(exchange, { amount: "-112.5" })).code).toBe("00000");
    expect((await adjust(exchange, { amount: "1612.5" })).code).toBe("00000");
    expect(exchange.balance("USDT")).toBe("0");
  });

  it("touches one side of a contract only", async () => {
    const exchange = await startExchange();
    await adjust(exchange, { symbol: "SOLUSDT", holdSide: "short", amount: "5" });
    expect(exchange.position("SOLUSDT", "long")?.marginSize).toBe("110");
    expect(exchange.position("SOLUSDT", "short")?.marginSize).toBe("75");
  });

  it("adjusts USDC and coin-margined positions, the coin to eight decimals", async () => {
    const common = { holdSide: "long", total: "0.1", openPriceAvg: "100000", leverage: "10" } as const;
    const positions = [
      { ...common, symbol: "BTCPERP", marginSize: "1000" },
      { ...common, symbol: "BTCUSD", marginSize: "0.01" },
    ];
    const exchange = await startExchange({ positions });
    const coin = { symbol: "BTCUSD", productType: "COIN-FUTURES", marginCoin: "BTC" };
    expect((await adjust(exchange, { ...coin, amount: "0.00000001" })).code).toBe("00000");
    expect((await adjust(exchange, { ...coin, amount: "0.000000001" })).code).toBe("40808");
    const usdc = { symbol: "BTCPERP", productType: "USDC-FUTURES", marginCoin: "USDC" };
    expect((await adjust(exchange, { ...usdc, amount: "1000" })).code).toBe("00000");
    expect([exchange.balance("BTC"), exchange.balance("USDC")]).toEqual(["0.49999999", "0"]);
  });

  it("reports each change and each call that made one", async () => {
    const exchange = await startExchange();
    await adjust(exchange, { amount: "20" });
    await adjust(exchange, { amount: "0" });
    expect(exchange.applied().map((bill) => bill.amount)).toEqual(["20"]);
    expect(exchange.calls.map((call) => call.applied)).toEqual([1, 0]);
    expect(exchange.calls[0]).toMatchObject({ at: START, method: "POST", path: SET_MARGIN, query: "" });
    expect(exchange.calls[0]?.headers.toSorted()).toEqual([
      "access-key",
      "access-passphrase",
      "access-sign",
      "access-timestamp",
    ]);
  });
});

describe("the budget of an endpoint", () => {
  it("allows five adjustments a second, answers 429 beyond, and changes nothing then", async () => {
    const clock = { time: START };
    const exchange = await startExchange({ budgets: true }, clock);
    for (let count = 0; count < 5; count += 1) expect((await adjust(exchange)).code).toBe("00000");
    expect(await adjust(exchange)).toMatchObject({ status: 429, code: "429" });
    expect(exchange.applied()).toHaveLength(5);
    clock.time += 1000;
    expect((await adjust(exchange)).code).toBe("00000");
  });

  it("leaves the budgets of the others alone", async () => {
    const exchange = await startExchange({ budgets: true });
    const ask = () => get(exchange, "/api/v2/mix/position/all-position", { productType: "USDT-FUTURES" });
    const codes = await Promise.all(Array.from({ length: 7 }, ask));
    expect(codes.filter(({ status }) => status === 429)).toHaveLength(2);
    expect((await adjust(exchange)).code).toBe("00000");
  });
});
