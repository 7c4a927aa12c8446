import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Fault, PaperExchange } from "../../../src/paper/exchange.ts";
import { adjust, adjustment, BILLS, get, headersFor, SET_MARGIN, START, send, startExchange } from "../world.ts";

const SENT = { code: "00000", msg: "success", requestTime: START, data: "" };
const SEES_BROKEN = "broken";

/** What a client sees: status and body, or that the connection broke. */
async function seen(exchange: PaperExchange): Promise<{ status: number; body: string } | typeof SEES_BROKEN> {
  try {
    const response = await send(exchange, "POST", SET_MARGIN, adjustment());
    return { status: response.status, body: await response.text() };
  } catch {
    return SEES_BROKEN;
  }
}

const BREAKAGES: readonly (readonly [name: string, how: Fault, seen: Awaited<ReturnType<typeof seen>>])[] = [
  ["a reset", { kind: "reset" }, SEES_BROKEN],
  ["silence that ends", { kind: "hang", ms: 1 }, SEES_BROKEN],
  ["a body cut short", { kind: "truncated" }, SEES_BROKEN],
  ["a gateway's error", { kind: "status", status: 502, body: "<html>" }, { status: 502, body: "<html>" }],
  ["an empty answer", { kind: "empty" }, { status: 200, body: "" }],
  ["JSON of another shape", { kind: "json", body: '{"code":0}' }, { status: 200, body: '{"code":0}' }],
  ["text that is no JSON", { kind: "json", body: '{"code":' }, { status: 200, body: '{"code":' }],
  [
    "another code",
    { kind: "code", code: "40015", msg: "system abnormal" },
    { status: 400, body: JSON.stringify({ ...SENT, code: "40015", msg: "system abnormal", data: null }) },
  ],
  [
    "another code with its own status",
    { kind: "code", code: "40010", msg: "timed out", status: 200 },
    { status: 200, body: JSON.stringify({ ...SENT, code: "40010", msg: "timed out", data: null }) },
  ],
  ["a body in drops", { kind: "drip", bytes: 30, intervalMs: 0 }, { status: 200, body: JSON.stringify(SENT) }],
  [
    "a body behind blanks",
    { kind: "huge", bytes: 100_000 },
    { status: 200, body: " ".repeat(100_000) + JSON.stringify(SENT) },
  ],
  [
    "a small parcel with a large body",
    { kind: "huge", bytes: 100_000, gzip: true },
    { status: 200, body: " ".repeat(100_000) + JSON.stringify(SENT) },
  ],
];

describe("a fault", () => {
  it.each(BREAKAGES)("before the call: %s, and nothing is applied", async (_, how, expected) => {
    const exchange = await startExchange();
    exchange.fail({ path: SET_MARGIN, when: "before", how });
    expect(await seen(exchange)).toEqual(expected);
    expect(exchange.balance("USDT")).toBe("1500");
    expect(exchange.calls.map((call) => call.applied)).toEqual([0]);
  });

  it.each(BREAKAGES)("after the call: %s, and it is applied", async (_, how, expected) => {
    const exchange = await startExchange();
    exchange.fail({ path: SET_MARGIN, when: "after", how });
    expect(await seen(exchange)).toEqual(expected);
    expect(exchange.balance("USDT")).toBe("1480");
    expect(exchange.calls.map((call) => call.applied)).toEqual([1]);
  });

  it("can be a page for people", async () => {
    const exchange = await startExchange();
    exchange.fail({ path: SET_MARGIN, how: { kind: "html" } });
    const response = await send(exchange, "POST", SET_MARGIN, adjustment());
    expect(response.headers.get("content-type")).toContain("text/html");
    expect(await response.text()).toContain("<html>");
  });

  it.each([
    [{ kind: "status", status: 429, headers: { "retry-after": "3" } }, "retry-after", "3"],
    [{ kind: "status", status: 307, headers: { location: "http://127.0.0.1:1/" } }, "location", "http://127.0.0.1:1/"],
  ] as const)("can carry headers: %j", async (how, name, value) => {
    const exchange = await startExchange();
    exchange.fail({ path: SET_MARGIN, how });
    const response = await send(exchange, "POST", SET_MARGIN, adjustment());
    expect([response.status, response.headers.get(name)]).toEqual([how.status, value]);
  });

  it("can deliver a call twice, and both count", async () => {
    const exchange = await startExchange();
    exchange.fail({ path: SET_MARGIN, how: { kind: "duplicate" } });
    expect((await adjust(exchange)).code).toBe("00000");
    expect(exchange.balance("USDT")).toBe("1460");
    expect(exchange.calls.map((call) => call.applied)).toEqual([2]);
    expect(exchange.bills()).toHaveLength(2);
  });

  it("can change an answer on the way: rows doubled, in another order, or gone", async () => {
    const exchange = await startExchange();
    exchange.setMarginOutside("BTCUSDT", "long", "1");
    const edit = (sent: { data: unknown }) => {
      const { bills } = sent.data as { bills: readonly unknown[] };
      return { ...sent, data: { bills: [...bills, ...bills], endId: "" } };
    };
    exchange.fail({ path: BILLS, how: { kind: "edit", edit } });
    const read = async () =>
      (await get<{ bills: unknown[] }>(exchange, BILLS, { productType: "USDT-FUTURES" })).data.bills;
    expect(await read()).toHaveLength(2);
    expect(await read()).toHaveLength(1);
  });

  it("strikes as often as it was told to, on the path and method it was told to", async () => {
    const exchange = await startExchange();
    const how = { kind: "code", code: "45001", msg: "unknown error" } as const;
    exchange.fail({ path: /\/mix\//, method: "GET", how, times: 2 });
    const ask = async () => (await get(exchange, BILLS, { productType: "USDT-FUTURES" })).code;
    expect((await adjust(exchange)).code).toBe("00000");
    expect([await ask(), await ask(), await ask()]).toEqual(["45001", "45001", "00000"]);
  });

  it("can be called off", async () => {
    const exchange = await startExchange();
    const how = { kind: "html" } as const;
    const heal = exchange.fail({ path: SET_MARGIN, how, times: Number.POSITIVE_INFINITY });
    expect((await send(exchange, "POST", SET_MARGIN, adjustment())).status).toBe(200);
    expect(exchange.applied()).toHaveLength(0);
    heal();
    expect((await adjust(exchange)).code).toBe("00000");
    expect(exchange.applied()).toHaveLength(1);
  });

  it("can keep a call in limbo: the client gives up, and the exchange applies it later", async () => {
    const exchange = await startExchange();
    exchange.fail({ path: SET_MARGIN, how: { kind: "late", ms: 20 } });
    const after = exchange.hold({ path: SET_MARGIN, when: "after" });
    const client = new AbortController();
    const headers = headersFor("POST", SET_MARGIN, adjustment(), START);
    const init = { method: "POST", headers, body: adjustment(), signal: client.signal };
    const before = exchange.hold(SET_MARGIN);
    const answer = fetch(exchange.url + SET_MARGIN, init);
    await before.reached;
    before.release();
    client.abort();
    await expect(answer).rejects.toThrow("aborted");
    await after.reached;
    expect(exchange.applied()).toHaveLength(1);
  });
});

describe("a hold", () => {
  it("stops a call before it is looked at, so that the world can change under it", async () => {
    const exchange = await startExchange();
    const hold = exchange.hold(SET_MARGIN);
    const answer = adjust(exchange);
    await hold.reached;
    expect(exchange.applied()).toHaveLength(0);
    exchange.closePosition("BTCUSDT", "long");
    hold.release();
    expect((await answer).code).toBe("40802");
  });

  it("keeps a call on its way: one that comes too late is turned away by its timestamp", async () => {
    const clock = { time: START };
    const exchange = await startExchange({}, clock);
    const hold = exchange.hold(SET_MARGIN);
    const answer = adjust(exchange);
    await hold.reached;
    clock.time += 30_001;
    hold.release();
    expect((await answer).code).toBe("40008");
    expect(exchange.applied()).toHaveLength(0);
  });

  it("stops one call, and others pass", async () => {
    const exchange = await startExchange();
    const hold = exchange.hold(SET_MARGIN);
    const first = adjust(exchange, { amount: "1" });
    await hold.reached;
    expect((await adjust(exchange, { amount: "2" })).code).toBe("00000");
    hold.release();
    await first;
    expect(exchange.applied().map((bill) => bill.amount)).toEqual(["2", "1"]);
  });

  it("stops every call until the release, where that is ordered", async () => {
    const exchange = await startExchange();
    const hold = exchange.hold({ path: SET_MARGIN, every: true });
    const answers = [adjust(exchange, { amount: "1" }), adjust(exchange, { amount: "2" })];
    while (exchange.calls.length < answers.length) await setImmediate();
    await hold.reached;
    expect(exchange.applied()).toHaveLength(0);
    hold.release();
    await Promise.all(answers);
    expect(exchange.applied()).toHaveLength(2);
    expect((await adjust(exchange)).code).toBe("00000");
  });

  it("stops nobody when it was released before anybody came", async () => {
    const exchange = await startExchange();
    exchange.hold(SET_MARGIN).release();
    expect((await adjust(exchange)).code).toBe("00000");
  });
});

describe("closing", () => {
  it.each([{ kind: "hang" }, { kind: "late", ms: 3_600_000 }] as const)(
    "ends a call that is kept waiting by %j, and applies nothing more",
    async (how) => {
      const exchange = await startExchange();
      exchange.fail({ path: SET_MARGIN, how });
      const hold = exchange.hold(SET_MARGIN);
      const answer = seen(exchange);
      await hold.reached;
      hold.release();
      await setImmediate();
      await exchange.close();
      expect(await answer).toBe(SEES_BROKEN);
      expect(exchange.applied()).toHaveLength(0);
    },
  );

  it("drops a held call", async () => {
    const exchange = await startExchange();
    const hold = exchange.hold(SET_MARGIN);
    const answer = seen(exchange);
    await hold.reached;
    await exchange.close();
    expect(await answer).toBe(SEES_BROKEN);
    expect(exchange.applied()).toHaveLength(0);
  });
});
