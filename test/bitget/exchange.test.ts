import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LogEvent } from "../../src/bitget/http/client.ts";
import { createClock } from "../../src/clock.ts";
import { decimal } from "../../src/margin/model/decimal.ts";
import type { PositionKey } from "../../src/margin/model/position.ts";
import { SPELLINGS } from "../support/spellings.ts";
import { ACCOUNT, CREDENTIALS, NOW, ok, type Responder, refuse, type Server, startServer } from "./server.ts";

const TIME = "/api/v2/public/time";
const ALL = "/api/v2/mix/position/all-position";
const SINGLE = "/api/v2/mix/position/single-position";
const BALANCE = "/api/v2/mix/account/account";
const CONTRACTS = "/api/v2/mix/market/contracts";
const BILLS = "/api/v2/mix/account/bill";
const TIERS = "/api/v2/mix/market/query-position-lever";
const SET_MARGIN = "/api/v2/mix/account/set-margin";

const KEY: PositionKey = {
  account: ACCOUNT,
  productType: "USDT-FUTURES",
  symbol: "BTCUSDT",
  marginCoin: "USDT",
  holdSide: "long",
};

/** The sample of Bitget's page on the single position. */
const ROW = {
  marginCoin: "USDT",
  symbol: "BTCUSDT",
  holdSide: "long",
  openDelegateSize: "0.01",
  marginSize: "9.6695050093373343",
  available: "0.01",
  locked: "0.09",
  total: "0.01",
  leverage: "20",
  achievedProfits: "0",
  openPriceAvg: "25000",
  marginMode: "isolated",
  posMode: "hedge_mode",
  unrealizedPL: "1",
  liquidationPrice: "24144.1124161806977798",
  keepMarginRate: "0.004",
  markPrice: "25100",
  totalFee: "",
  marginRatio: "0.1082149545822005",
  autoMargin: "on",
};
const POSITION = {
  ...KEY,
  baseCoin: "BTC",
  pricePlaces: 1,
  marginMode: "isolated",
  margin: "9.6695050093373343",
  total: "0.01",
  leverage: "20",
  entryPrice: "25000",
  markPrice: "25100",
  liquidationPrice: "24144.1124161806977798",
  unrealizedPnl: "1",
  maintenanceRate: "0.004",
  autoMargin: true,
};
const CONTRACT = {
  symbol: "BTCUSDT",
  baseCoin: "BTC",
  pricePlaces: 1,
  quoteCoin: "USDT",
  supportMarginCoins: ["USDT"],
  pricePlace: "1",
  symbolStatus: "normal",
  minTradeNum: "0.001",
};
const FUNDS = { marginCoin: "USDT", available: "100.5", isolatedMaxAvailable: "99.25", unrealizedPL: "" };

const open = (positions: readonly unknown[]) => ({ ok: true, value: { positions, unread: [] } });

let server: Server;
beforeEach(async () => {
  server = await startServer();
  server.answer(TIME, ok({ serverTime: String(NOW) }));
  server.answer(CONTRACTS, ok([CONTRACT]));
  server.answer(SINGLE, ok([ROW]));
  server.answer(ALL, ok([ROW]));
  server.answer(BALANCE, ok(FUNDS));
});
afterEach(() => server.close());

describe("positions", () => {
  it("are read with their base coin, to the last digit", async () => {
    expect(await server.exchange().positions(ACCOUNT)).toEqual(open([POSITION]));
    expect(server.at(ALL)[0]?.query).toBe("productType=USDT-FUTURES");
  });

  it("of several product types are one list", async () => {
    server.answer(ALL, (response, request) => {
      const rows = request.query.includes("USDC") ? [{ ...ROW, symbol: "BTCPERP", marginCoin: "USDC" }] : [ROW];
      ok(rows)(response, request);
    });
    const reading = await server.exchange({ productTypes: ["USDT-FUTURES", "USDC-FUTURES"] }).positions(ACCOUNT);
    expect(reading.ok && reading.value.positions.map((each) => [each.productType, each.symbol, each.baseCoin])).toEqual(
      [
        ["USDT-FUTURES", "BTCUSDT", "BTC"],
        ["USDC-FUTURES", "BTCPERP", "BTCPERP"],
      ],
    );
  });

  it("of one product type are not hidden by another that fails: that is named, with what came back", async () => {
    const lines = { productTypes: ["USDT-FUTURES", "USDC-FUTURES"] } as const;
    server.answer(ALL, (response, request) => {
      (request.query.includes("USDC") ? refuse(503, "40015") : ok([ROW]))(response, request);
    });
    expect(await server.exchange(lines).positions(ACCOUNT)).toMatchObject({
      ok: true,
      value: {
        positions: [POSITION],
        unread: [{ productType: "USDC-FUTURES", failure: { why: "no_answer", exchanged: { code: "40015" } } }],
      },
    });
    server.answer(ALL, (response, request) => {
      (request.query.includes("USDC") ? ok(null) : ok([ROW]))(response, request);
    });
    expect(await server.exchange(lines).positions(ACCOUNT)).toMatchObject({
      ok: true,
      value: { positions: [POSITION], unread: [{ productType: "USDC-FUTURES" }] },
    });
    server.answer(ALL, refuse(503, "40015"));
    expect(await server.exchange(lines).positions(ACCOUNT)).toMatchObject({ ok: false, exchanged: { code: "40015" } });
  });

  it("are read once for all who ask at the same moment, and anew afterwards", async () => {
    const exchange = server.exchange();
    const readings = await Promise.all(Array.from({ length: 5 }, () => exchange.positions(ACCOUNT)));
    expect(readings).toEqual(Array(5).fill(open([POSITION])));
    expect(server.at(ALL)).toHaveLength(1);
    server.answer(ALL, ok([]));
    expect(await exchange.positions(ACCOUNT)).toEqual(open([]));
    expect(server.at(ALL)).toHaveLength(2);
  });

  it("without size are none", async () => {
    server.answer(ALL, ok([{ ...ROW, total: "0.000" }]));
    expect(await server.exchange().positions(ACCOUNT)).toEqual(open([]));
  });

  it.each([null, "", {}])("are not believed to be none when the report is %j", async (data) => {
    server.answer(ALL, ok(data));
    expect(await server.exchange().positions(ACCOUNT)).toMatchObject({
      ok: false,
      why: "no_answer",
      exchanged: { fault: "other shape" },
    });
  });
});

describe("one position", () => {
  it("is the row of its side", async () => {
    server.answer(SINGLE, ok([{ ...ROW, holdSide: "short", total: "7" }, ROW]));
    expect(await server.exchange().position(KEY)).toEqual({ ok: true, value: POSITION });
    expect(server.at(SINGLE)[0]?.query).toBe("marginCoin=USDT&productType=USDT-FUTURES&symbol=BTCUSDT");
    expect(server.at(SINGLE)[0]?.headers["access-sign"]).toBe("CQ198Bc1cXdowHcde1OO0EU1IfiDCLjXKGP9oTD9JYs=");
  });

  it.each([
    ["there is no row", []],
    ["there is only the other side", [{ ...ROW, holdSide: "short" }]],
    ["its size is zero", [{ ...ROW, total: "0" }]],
  ])("is none when %s", async (_name, rows) => {
    server.answer(SINGLE, ok(rows));
    expect(await server.exchange().position(KEY)).toEqual({ ok: true, value: undefined });
  });

  it("is read for each who asks, as are bills: money is decided by them", async () => {
    server.answer(BILLS, ok({ bills: null, endId: "" }));
    const exchange = server.exchange();
    const query = { productType: "USDT-FUTURES", startTime: 1, limit: 20 } as const;
    await Promise.all([exchange.positions(ACCOUNT), exchange.position(KEY), exchange.position(KEY)]);
    await Promise.all([exchange.bills(ACCOUNT, query), exchange.bills(ACCOUNT, query)]);
    expect([ALL, SINGLE, BILLS].map((path) => server.at(path).length)).toEqual([1, 2, 2]);
  });

  it("is not believed to be none when the rows are of something else", async () => {
    server.answer(SINGLE, ok([{ ...ROW, symbol: "ETHUSDT" }]));
    expect(await server.exchange().position(KEY)).toMatchObject({ ok: false, why: "no_answer" });
  });

  it.each(["0", "-12.5", "0E-10"])("has no liquidation price when Bitget says %j", async (liquidationPrice) => {
    server.answer(SINGLE, ok([{ ...ROW, liquidationPrice }]));
    const reading = await server.exchange().position(KEY);
    expect(reading.ok && reading.value).toMatchObject({ margin: POSITION.margin });
    expect(reading.ok && reading.value).not.toHaveProperty("liquidationPrice");
  });

  it.each([
    ["12.5", "12.5"],
    ["1.25E1", "12.5"],
    ["12.50", "12.5"],
    ["9.6695050093373343", "9.6695050093373343"],
    ["1234567890123456789.5", "1234567890123456789.5"],
    ["1.2e-7", "0.00000012"],
  ])("takes the figure %s that comes as a JSON number to the last digit", async (written, read) => {
    const body = JSON.stringify({ code: "00000", msg: "", requestTime: NOW, data: [{ ...ROW, marginSize: "?" }] });
    server.answer(SINGLE, (response) => void response.end(body.replace('"?"', written)));
    const reading = await server.exchange().position(KEY);
    expect(reading.ok && reading.value).toMatchObject({ margin: read });
  });

  it.each([
    ["a refusal", refuse(400, "40014"), "permission"],
    ["a unified account", refuse(400, "40085"), "account_mode"],
    ["a listed code with HTTP 500", refuse(500, "40014"), "no_answer"],
    ["an unlisted code", refuse(400, "99999"), "no_answer"],
  ] as const)("gives the reason of %s", async (_name, responder, why) => {
    server.answer(SINGLE, responder);
    expect(await server.exchange().position(KEY)).toMatchObject({ ok: false, why });
    expect(server.at(SINGLE)).toHaveLength(1);
  });

  it("is asked for once more, and not for ever, when there were too many requests", async () => {
    server.answer(SINGLE, refuse(429, "429"));
    expect(await server.exchange().position(KEY)).toMatchObject({ ok: false, why: "no_answer" });
    expect(server.at(SINGLE)).toHaveLength(2);
  });
});

describe("the balance", () => {
  it.each([
    ["100.5", "99.25", "99.25"],
    ["9", "10", "9"],
  ])("is the smaller of available %s and isolated %s", async (available, isolatedMaxAvailable, free) => {
    server.answer(BALANCE, ok({ ...FUNDS, available, isolatedMaxAvailable }));
    expect(await server.exchange().balance(KEY)).toEqual({ ok: true, value: { marginCoin: "USDT", free } });
  });
});

describe("contracts", () => {
  it("are read once an hour, and once for all who ask at the same moment", async () => {
    let now = NOW;
    const exchange = server.exchange({ now: () => now });
    const readings = await Promise.all([exchange.contracts(ACCOUNT), exchange.contracts(ACCOUNT)]);
    now += 3_599_999;
    readings.push(await exchange.contracts(ACCOUNT));
    expect(server.at(CONTRACTS)).toHaveLength(1);
    const contract = {
      productType: "USDT-FUTURES",
      symbol: "BTCUSDT",
      baseCoin: "BTC",
      pricePlaces: 1,
    };
    expect(readings).toEqual(
      Array.from({ length: 3 }, () => ({ ok: true, value: { contracts: [contract], isComplete: true } })),
    );
    now += 1;
    await exchange.contracts(ACCOUNT);
    expect(server.at(CONTRACTS)).toHaveLength(2);
  });

  it("that cannot be read are asked for again", async () => {
    const exchange = server.exchange();
    server.answer(CONTRACTS, refuse(503, "40015"));
    expect(await exchange.contracts(ACCOUNT)).toMatchObject({ ok: false });
    server.answer(CONTRACTS, ok([CONTRACT]));
    expect(await exchange.contracts(ACCOUNT)).toMatchObject({ ok: true });
  });

  it("of an hour ago still name the coin of a position", async () => {
    let now = NOW;
    const exchange = server.exchange({ now: () => now });
    await exchange.contracts(ACCOUNT);
    now += 4_000_000;
    server.answer(CONTRACTS, refuse(503, "40015"));
    expect(await exchange.position(KEY)).toEqual({ ok: true, value: POSITION });
  });
});

describe("tiers", () => {
  it("are read once an hour, and once for all who ask at the same moment", async () => {
    let now = NOW;
    const exchange = server.exchange({ now: () => now });
    const tier = { level: "1", startUnit: "0", endUnit: "50000", leverage: "125", keepMarginRate: "0.004" };
    server.answer(TIERS, ok([tier]));
    const ask = () => exchange.tiers(ACCOUNT, "USDT-FUTURES", "BTCUSDT");
    await Promise.all([ask(), ask()]);
    now += 3_599_999;
    expect(await ask()).toMatchObject({ ok: true, value: [{ to: "50000" }] });
    expect(server.at(TIERS)).toHaveLength(1);
    now += 1;
    await ask();
    expect(server.at(TIERS)).toHaveLength(2);
  });
});

describe("the clock", () => {
  it("signs with Bitget's time", async () => {
    server.answer(TIME, ok({ serverTime: String(NOW + 7000) }));
    server.answer(SET_MARGIN, ok(""));
    const exchange = server.exchange();
    expect(await exchange.start()).toEqual({ ok: true, value: { aheadMs: -7000 } });
    await exchange.balance(KEY);
    expect(server.at(BALANCE)[0]?.headers["access-timestamp"]).toBe(String(NOW + 7000));
    const permit = (await exchange.takePermit(ACCOUNT)) ?? { account: "" };
    const adjustment = { id: "a", position: KEY, direction: "add", amount: decimal<"margin coin">("1") } as const;
    const answer = await exchange.adjustMargin(exchange.buildRequest(adjustment), permit, exchange.serverNow());
    expect(answer.exchanged.signedAt).toBe(NOW + 7000);
    expect(server.at(SET_MARGIN)[0]?.headers["access-timestamp"]).toBe(String(NOW + 7000));
  });

  it("takes half of the round trip for the way there, and the quickest of three answers", async () => {
    let now = NOW;
    const roundTrips = [300, 100, 200];
    server.answer(TIME, (response, request) => {
      const asked = now;
      now += roundTrips.shift() ?? 0;
      ok({ serverTime: asked })(response, request);
    });
    const exchange = server.exchange({ now: () => now });
    // Bitget read its clock at once, so that what was added for the way back is half a round trip too little.
    expect(await exchange.start()).toEqual({ ok: true, value: { aheadMs: 50 } });
    expect(exchange.clockErrorMs()).toBe(50);
    expect(server.at(TIME)).toHaveLength(3);
  });

  it("by which the machine was set during a question counts for nothing", async () => {
    let wall = NOW;
    const clock = createClock({ wall: () => wall, monotonic: () => 0 });
    const steps = [-60_000, 0, 0];
    server.answer(TIME, (response, request) => {
      wall += steps.shift() ?? 0;
      ok({ serverTime: NOW + 7000 })(response, request);
    });
    const exchange = server.exchange({ clock });
    expect(await exchange.start()).toEqual({ ok: true, value: { aheadMs: -67_000 } });
    expect([exchange.serverNow(), exchange.clockErrorMs()]).toEqual([NOW + 7000, 0]);
  });

  it("is not known where the machine was set during each question, and the last one goes on", async () => {
    let wall = NOW;
    const clock = createClock({ wall: () => wall, monotonic: () => 0 });
    server.answer(TIME, ok({ serverTime: NOW + 7000 }));
    const exchange = server.exchange({ clock });
    await exchange.start();
    server.answer(TIME, (response, request) => {
      wall -= 60_000;
      ok({ serverTime: NOW + 7000 })(response, request);
    });
    expect(await exchange.start()).toMatchObject({ ok: false, why: "no_answer" });
    expect(exchange.serverNow()).toBe(NOW + 7000);
  });

  it("that cannot be read is a failed start", async () => {
    server.answer(TIME, refuse(503, "40015"));
    const warned: LogEvent[] = [];
    const exchange = server.exchange({ warn: (event) => warned.push(event) });
    expect(await exchange.start()).toMatchObject({ ok: false, why: "no_answer" });
    expect(warned).toMatchObject([{ event: "bitget_unread", path: TIME, httpStatus: 503, code: "40015" }]);
  });

  it.each(["40008", "40005"])("is measured again, and the read repeated once, after %s", async (code) => {
    server.answer(TIME, ok({ serverTime: String(NOW + 60_000) }));
    server.answer(BALANCE, (response, request) => {
      const late = request.headers["access-timestamp"] === String(NOW);
      (late ? refuse(400, code) : ok(FUNDS))(response, request);
    });
    expect(await server.exchange().balance(KEY)).toMatchObject({ ok: true });
    expect(server.at(BALANCE)).toHaveLength(2);
  });

  it("is not asked for ever", async () => {
    server.answer(BALANCE, refuse(400, "40008"));
    expect(await server.exchange().balance(KEY)).toMatchObject({ ok: false, why: "clock" });
    expect(server.at(BALANCE)).toHaveLength(2);
  });

  it("never repeats a call that moves margin", async () => {
    server.answer(SET_MARGIN, refuse(400, "40008"));
    const exchange = server.exchange();
    const permit = (await exchange.takePermit(ACCOUNT)) ?? { account: "" };
    const adjustment = { id: "a", position: KEY, direction: "add", amount: decimal<"margin coin">("1") } as const;
    expect(await exchange.adjustMargin(exchange.buildRequest(adjustment), permit, NOW)).toMatchObject({
      kind: "rejected",
      why: "clock",
    });
    expect(server.received).toHaveLength(1);
  });
});

describe("bills and tiers", () => {
  it("give bills page by page", async () => {
    const bill = { billId: "7", symbol: "btcusdt", amount: "-5.25", fee: "", businessType: "reduce_margin" };
    server.answer(BILLS, ok({ bills: [{ ...bill, coin: "USDT", balance: "10", cTime: "1695715200654" }], endId: "7" }));
    const query = { productType: "USDT-FUTURES", startTime: 1, endTime: 2, idLessThan: "9", limit: 100 } as const;
    expect(await server.exchange().bills(ACCOUNT, query)).toEqual({
      ok: true,
      value: {
        bills: [
          {
            billId: "7",
            symbol: "BTCUSDT",
            amount: "-5.25",
            businessType: "reduce_margin",
            coin: "USDT",
            cTime: 1695715200654,
          },
        ],
        unread: [],
        endId: "7",
      },
    });
    expect(server.at(BILLS)[0]?.query).toBe(
      "endTime=2&idLessThan=9&limit=100&onlyFunding=no&productType=USDT-FUTURES&startTime=1",
    );
  });

  it("give an empty page of bills", async () => {
    server.answer(BILLS, ok({ bills: null, endId: "" }));
    const query = { productType: "USDT-FUTURES", startTime: 1, limit: 20 } as const;
    expect(await server.exchange().bills(ACCOUNT, query)).toEqual({
      ok: true,
      value: { bills: [], unread: [], endId: undefined },
    });
  });

  it("give tiers unsigned, without the header of demo trading", async () => {
    const tier = { symbol: "BTCUSDT", level: "2", startUnit: "50000", endUnit: "200000", leverage: "100" };
    server.answer(TIERS, ok([{ ...tier, keepMarginRate: "0.005" }]));
    const exchange = server.exchange({ demo: true });
    expect(await exchange.tiers(ACCOUNT, "USDT-FUTURES", "BTCUSDT")).toEqual({
      ok: true,
      value: [{ from: "50000", to: "200000", maintenanceRate: "0.005" }],
    });
    expect(server.received.filter(({ headers }) => headers["paptrading"] ?? headers["access-key"])).toEqual([]);
    await exchange.balance(KEY);
    expect(server.at(BALANCE)[0]?.headers["paptrading"]).toBe("1");
  });
});

describe("an exchange", () => {
  it("knows its own account only", async () => {
    const exchange = server.exchange();
    expect(exchange.accounts).toEqual([ACCOUNT]);
    const other = { ...KEY, account: "bitget:live:other" };
    await expect(exchange.positions(other.account)).rejects.toThrow("no such account");
    await expect(exchange.position(other)).rejects.toThrow("no such account");
    await expect(exchange.balance(other)).rejects.toThrow("no such account");
    await expect(exchange.tiers(other.account, "USDT-FUTURES", "BTCUSDT")).rejects.toThrow("no such account");
    expect(server.received).toEqual([]);
  });

  it("sends nothing with a value that cannot be signed", async () => {
    await expect(server.exchange().position({ ...KEY, symbol: "BTC&x=1" })).rejects.toThrow("cannot be signed");
    expect(server.received).toEqual([]);
  });

  it("cannot be made with a broken address or a credential that no header can carry", () => {
    expect(() => server.exchange({ baseUrl: "nowhere" })).toThrow();
    const credentials = { ...CREDENTIALS, passphrase: "canary\n" };
    expect(() => server.exchange({ credentials })).toThrow('"passphrase"');
    expect(() => server.exchange({ credentials })).not.toThrow("canary");
  });

  it("reads at most 4 MB", async () => {
    server.answer(CONTRACTS, ok([{ ...CONTRACT, note: "x".repeat(3_000_000) }]));
    expect(await server.exchange().contracts(ACCOUNT)).toMatchObject({ ok: true });
    server.answer(CONTRACTS, ok([{ ...CONTRACT, note: "x".repeat(5_000_000) }]));
    expect(await server.exchange().contracts(ACCOUNT)).toMatchObject({
      ok: false,
      why: "no_answer",
      exchanged: { fault: "answer too long" },
    });
  });

  it("logs each call by name, status and code alone", async () => {
    const events: LogEvent[] = [];
    server.answer(BALANCE, refuse(400, "40014", CREDENTIALS.key));
    await server.exchange({ log: (event) => events.push(event) }).balance(KEY);
    expect(events).toEqual([
      {
        event: "bitget_call",
        method: "GET",
        path: BALANCE,
        ms: expect.any(Number),
        httpStatus: 400,
        code: "40014",
        fault: undefined,
      },
    ]);
  });
});

describe("Bitget's text", () => {
  const echo = (text: string) => refuse(400, "40009", text);

  it("comes without control characters and at most 200 long", async () => {
    server.answer(BALANCE, echo(`no\u0000\u001b[31m\n\u202e${"x".repeat(500)}`));
    const reading = await server.exchange().balance(KEY);
    expect(reading.ok || reading.exchanged.message).toBe(`no[31m${"x".repeat(194)}`);
  });

  it("never carries a credential, whatever comes back", async () => {
    const { key, secret, passphrase } = CREDENTIALS;
    const adjustment = { id: "a", position: KEY, direction: "add", amount: decimal<"margin coin">("1") } as const;
    const results: unknown[] = [];
    for (const responder of [
      echo(`${key} ${secret} ${passphrase}`),
      echo(`${"x".repeat(190)}${secret}`),
      echo(`${secret.slice(0, 9)}\u0000${secret.slice(9)}`),
      refuse(400, key),
      refuse(503, "40015", secret),
      ok(secret),
    ]) {
      server.answer(BALANCE, responder);
      server.answer(SET_MARGIN, responder);
      const exchange = server.exchange();
      results.push(await exchange.balance(KEY));
      const permit = (await exchange.takePermit(ACCOUNT)) ?? { account: "" };
      results.push(await exchange.adjustMargin(exchange.buildRequest(adjustment), permit, NOW));
    }
    server.answer(BALANCE, (response) => void response.socket?.resetAndDestroy());
    results.push(await server.exchange().balance(KEY));
    const text = JSON.stringify(results);
    expect(text).toContain("[redacted] [redacted] [redacted]");
    for (const canary of [key, secret, passphrase, secret.slice(0, 9)]) expect(text).not.toContain(canary);
  });

  it.each(Object.entries(SPELLINGS))("never carries the signature of its request, %s", async (_how, spell) => {
    const adjustment = { id: "a", position: KEY, direction: "add", amount: decimal<"margin coin">("1") } as const;
    const signatures: string[] = [];
    const parrot: Responder = (response, request) => {
      const signature = String(request.headers["access-sign"]);
      signatures.push(signature);
      const hidden = `${signature.slice(0, 20)}\u200b${signature.slice(20)}`;
      echo(`sign ${spell(signature)} ${hidden} error`)(response, request);
    };
    for (const path of [BALANCE, SET_MARGIN]) server.answer(path, parrot);
    const events: LogEvent[] = [];
    const exchange = server.exchange({ log: (event) => events.push(event) });
    const permit = (await exchange.takePermit(ACCOUNT)) ?? { account: "" };
    const results = [
      await exchange.balance(KEY),
      await exchange.adjustMargin(exchange.buildRequest(adjustment), permit, NOW),
    ];
    expect(results).toMatchObject(
      Array(2).fill({ exchanged: { message: "sign [redacted] [redacted] error", httpStatus: 400 } }),
    );
    expect(signatures.map((signature) => signature.length)).toEqual([44, 44]);
    for (const signature of signatures) expect(JSON.stringify([results, events])).not.toContain(signature.slice(0, 20));
  });
});
