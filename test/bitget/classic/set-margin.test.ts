import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Bitget } from "../../../src/bitget/exchange.ts";
import { BITGET_CODES } from "../../../src/bitget/http/error-codes.ts";
import type { Direction } from "../../../src/margin/model/adjustment.ts";
import { type Amount, decimal } from "../../../src/margin/model/decimal.ts";
import type { PositionKey } from "../../../src/margin/model/position.ts";
import type { Answer } from "../../../src/margin/ports/exchange.ts";
import { ACCOUNT, CREDENTIALS, NOW, ok, type Responder, refuse, type Server, startServer } from "../server.ts";

const PATH = "/api/v2/mix/account/set-margin";
const BODY = '{"symbol":"BTCUSDT","productType":"USDT-FUTURES","marginCoin":"USDT","holdSide":"long","amount":"20"}';
const KEY: PositionKey = {
  account: ACCOUNT,
  productType: "USDT-FUTURES",
  symbol: "BTCUSDT",
  marginCoin: "USDT",
  holdSide: "long",
};

let server: Server;
beforeEach(async () => {
  server = await startServer();
});
afterEach(async () => {
  vi.useRealTimers();
  await server.close();
});

const adjustment = (amount: string, direction: Direction = "add", key: Partial<PositionKey> = {}) => ({
  id: "a1",
  position: { ...KEY, ...key },
  direction,
  amount: decimal<"margin coin">(amount) satisfies Amount,
});

async function send(exchange: Bitget, amount = "20"): Promise<Answer> {
  const permit = await exchange.takePermit(ACCOUNT);
  if (permit === undefined) throw new Error("no permit");
  return exchange.adjustMargin(exchange.buildRequest(adjustment(amount)), permit, NOW);
}

const raw =
  (httpStatus: number, text: string | Buffer, headers: Record<string, string> = {}): Responder =>
  (response) => {
    response.writeHead(httpStatus, headers);
    response.end(text);
  };
const success = JSON.stringify({ code: "00000", msg: "success", requestTime: NOW, data: "" });

describe("the request of an adjustment", () => {
  it("is Bitget's own example, byte for byte, with its signature", async () => {
    server.answer(PATH, ok(""));
    expect(await send(server.exchange())).toEqual({
      kind: "accepted",
      exchanged: { httpStatus: 200, code: "00000", message: "success", requestTime: NOW, signedAt: NOW, endedAt: NOW },
    });
    expect(server.received).toHaveLength(1);
    expect(server.received[0]).toMatchObject({
      method: "POST",
      path: PATH,
      query: "",
      body: BODY,
      headers: {
        "access-key": CREDENTIALS.key,
        "access-sign": "EikalQ6lRmZZC+VGDYZODA7Wyo+G41pDP8LTT5DGVus=",
        "access-timestamp": "1659076670000",
        "access-passphrase": CREDENTIALS.passphrase,
        "content-type": "application/json",
        "content-length": String(BODY.length),
        locale: "en-US",
      },
    });
    expect(server.received[0]?.headers).not.toHaveProperty("paptrading");
  });

  it("is signed with the path alone when the base URL ends in a slash", async () => {
    server.answer(PATH, ok(""));
    await send(server.exchange({ baseUrl: `${server.url}/`, demo: true }));
    expect(server.at(PATH)[0]?.headers).toMatchObject({
      "access-sign": "EikalQ6lRmZZC+VGDYZODA7Wyo+G41pDP8LTT5DGVus=",
      paptrading: "1",
    });
  });

  it("takes margin out by a negative amount, and names contract and coin in upper case", () => {
    const { buildRequest } = server.exchange();
    const removal = buildRequest(
      adjustment("5.25", "remove", { symbol: "ethusdt", marginCoin: "usdt", holdSide: "short" }),
    );
    expect(removal.body).toBe(
      '{"symbol":"ETHUSDT","productType":"USDT-FUTURES","marginCoin":"USDT","holdSide":"short","amount":"-5.25"}',
    );
    expect(buildRequest(adjustment("20"))).toEqual({
      account: ACCOUNT,
      body: BODY,
      bodySha256: "5f23dddadbee2c9c5b5595209f68e27d41421153547220c3723e2a36bc19e194",
    });
  });

  it("is not made of an amount that is not above zero or too fine", () => {
    const { buildRequest } = server.exchange();
    for (const amount of ["0", "-1", "0.00001"])
      expect(() => buildRequest(adjustment(amount)), amount).toThrow("the amount");
    const coin = { productType: "COIN-FUTURES", symbol: "BTCUSD", marginCoin: "BTC" } as const;
    expect(buildRequest(adjustment("0.00000001", "add", coin)).body).toContain('"amount":"0.00000001"');
    expect(() => buildRequest(adjustment("0.000000001", "add", coin))).toThrow("too many decimals");
  });

  it("allows 4 decimals of a dollar coin and 8 of others", () => {
    const { decimals } = server.exchange();
    expect(["USDT", "USDC", "BTC", "ETH"].map(decimals)).toEqual([4, 4, 8, 8]);
  });

  it("carries the stored body even where another text would mean the same", async () => {
    server.answer(PATH, ok(""));
    const exchange = server.exchange();
    const body = '{ "amount":"20.0", "note":"ü" }';
    const permit = await exchange.takePermit(ACCOUNT);
    const bodySha256 = "14411553ab3aba73839412cf0a517d19e5a6527444133d8a2ff09c47a2657db1";
    await exchange.adjustMargin({ account: ACCOUNT, body, bodySha256 }, permit ?? { account: "" }, NOW);
    expect(server.received[0]?.body).toBe(body);
  });
});

describe("what an answer means for the money", () => {
  const ACCEPTED: [string, Responder][] = [
    ["success", raw(200, success)],
    ["success with the time as text", ok("", "1627293357336")],
    ["success with data", ok("success")],
    ["success with fields that we do not know", raw(200, JSON.stringify({ ...JSON.parse(success), more: [1] }))],
    ["success in gzip", raw(200, gzipSync(success), { "content-encoding": "gzip" })],
  ];
  it.each(ACCEPTED)("accepted: %s", async (_name, responder) => {
    server.answer(PATH, responder);
    expect((await send(server.exchange())).kind).toBe("accepted");
    expect(server.received).toHaveLength(1);
  });

  const REJECTED: [string, Responder, string][] = [
    ["a refusal with HTTP 400", refuse(400, "40798"), "balance"],
    ["a refusal with HTTP 200", refuse(200, "40801"), "removing_too_much"],
    ["a refusal with HTTP 403", refuse(403, "40014"), "permission"],
    ["an unknown path", refuse(404, "40404"), "request"],
    ["a position in cross margin", refuse(400, "40808", "margin mode == FIXED"), "cross_margin"],
  ];
  it.each(REJECTED)("rejected: %s", async (_name, responder, why) => {
    server.answer(PATH, responder);
    expect(await send(server.exchange())).toMatchObject({ kind: "rejected", why });
    expect(server.received).toHaveLength(1);
  });

  const UNKNOWN: [string, Responder][] = [
    ...[301, 302, 303, 307, 308].map((httpStatus): [string, Responder] => [
      `a redirect ${httpStatus}`,
      raw(httpStatus, JSON.stringify({ code: "40009", msg: "", requestTime: NOW, data: null }), { location: PATH }),
    ]),
    ["success with a redirect", raw(307, success, { location: PATH })],
    ["a refusal with HTTP 500", refuse(500, "40009")],
    ["a refusal with HTTP 503", refuse(503, "40798")],
    ["a refusal with HTTP 429", refuse(429, "40009")],
    ["too many requests", refuse(429, "429")],
    ["too many requests with HTTP 200", refuse(200, "429")],
    ["success with HTTP 400", raw(400, success)],
    ["success with HTTP 502", raw(502, success)],
    ["success with HTTP 421, which fetch alone would send again", raw(421, success)],
    ["HTTP 407", raw(407, success)],
    ["a code that nobody knows", refuse(400, "99999")],
    ["a value check without a reason", refuse(400, "40808", "Parameter verification exception")],
    ["a numeric code", raw(200, success.replace('"00000"', "0"))],
    ["a numeric refusal", refuse(400, 40009)],
    ["code 0", refuse(200, "0")],
    ["success without a time", raw(200, '{"code":"00000","msg":"success","data":""}')],
    ["a page of HTML", raw(200, "<html>busy</html>", { "content-type": "text/html" })],
    ["a page of HTML with HTTP 403", raw(403, "<html>no</html>", { "content-type": "text/html" })],
    ["nothing", raw(200, "")],
    ["nothing, said by HTTP 204", raw(204, "")],
    ["half a JSON text", raw(200, success.slice(0, 30))],
    ["JSON with something after it", raw(200, `${success}x`)],
    ["another shape", raw(200, '{"ok":true}')],
    ["a list", raw(200, `[${success}]`)],
    ["null", raw(200, "null")],
    ["bytes that are no text", raw(200, Buffer.from(success.replace("success", "\u00ff"), "latin1"))],
    [
      "an answer that breaks off",
      (response) => {
        response.writeHead(200, { "content-length": "100" });
        response.write(success.slice(0, 30), () => response.socket?.destroy());
      },
    ],
    ["too long an answer", raw(200, success.replace('""', JSON.stringify("x".repeat(70_000))))],
    ["too long an answer in gzip", raw(200, gzipSync(" ".repeat(9_000_000)), { "content-encoding": "gzip" })],
    ["a reset after the request arrived", (response) => response.socket?.resetAndDestroy()],
    ["a hang-up after the request arrived", (response) => response.socket?.destroy()],
  ];
  it.each(UNKNOWN)("unknown, and sent once: %s", async (_name, responder) => {
    server.answer(PATH, responder);
    const answer = await send(server.exchange());
    expect(answer.kind).toBe("unknown");
    expect(answer.exchanged.signedAt).toBe(NOW);
    expect(server.received).toHaveLength(1);
  });

  it.each([
    ["no answer at all", () => undefined],
    ["an answer that never ends", (response) => void response.writeHead(200).write(" ")],
    [
      "an answer that drips",
      (response) => {
        const timer = setInterval(() => response.write(" "), 10);
        response.on("close", () => clearInterval(timer));
      },
    ],
  ] satisfies [string, Responder][])("unknown within the budget: %s", async (_name, responder) => {
    server.answer(PATH, responder);
    const answer = await send(server.exchange({ timeoutMs: 150 }));
    expect(answer).toEqual({ kind: "unknown", exchanged: { fault: "timeout", signedAt: NOW, endedAt: NOW } });
    expect(server.received).toHaveLength(1);
  });

  it("is signed with the time that its row says, whatever time it is when it leaves", async () => {
    let now = NOW;
    server.answer(PATH, raw(200, success));
    const exchange = server.exchange({ now: () => now });
    const permit = (await exchange.takePermit(ACCOUNT)) ?? { account: "" };
    const request = exchange.buildRequest(adjustment("20"));
    const signedAt = exchange.serverNow();
    // The process slept after it had written the row.
    now += 3_600_000;
    expect((await exchange.adjustMargin(request, permit, signedAt)).exchanged.signedAt).toBe(NOW);
    expect(server.received[0]?.headers["access-timestamp"]).toBe(String(NOW));
  });

  it("rejects as not sent when nobody listens", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    await new Promise((resolve) => other.close(resolve));
    const answer = await send(server.exchange({ baseUrl: `http://127.0.0.1:${port}` }));
    expect(answer).toEqual({
      kind: "rejected",
      why: "not_sent",
      stage: "not_sent",
      exchanged: { fault: "ECONNREFUSED", signedAt: NOW, endedAt: NOW },
    });
  });

  it("says which fault it was", async () => {
    const faults: (string | undefined)[] = [];
    for (const responder of [
      raw(307, "", { location: PATH }),
      raw(307, success, { location: PATH }),
      raw(200, ""),
      raw(200, "<html>"),
      raw(200, "{}"),
    ]) {
      server.answer(PATH, responder);
      faults.push((await send(server.exchange())).exchanged.fault);
    }
    expect(faults).toEqual(["redirect", "redirect", "empty answer", "not JSON", "other shape"]);
  });

  it("is the same for every code of the table", async () => {
    for (const row of BITGET_CODES) {
      server.answer(PATH, refuse(400, row.code));
      const answer = await send(server.exchange());
      expect([row.code, answer.kind]).toEqual([row.code, "why" in row ? "rejected" : "unknown"]);
    }
  });
});

describe("a permit", () => {
  it("is good for one use", async () => {
    server.answer(PATH, ok(""));
    const exchange = server.exchange();
    const permit = await exchange.takePermit(ACCOUNT);
    if (permit === undefined) throw new Error("no permit");
    const request = exchange.buildRequest(adjustment("20"));
    await exchange.adjustMargin(request, permit, NOW);
    await expect(exchange.adjustMargin(request, permit, NOW)).rejects.toThrow("permit was used");
    expect(server.received).toHaveLength(1);
  });

  it("cannot be made up, and serves no other account and no other body", async () => {
    const exchange = server.exchange();
    const request = exchange.buildRequest(adjustment("20"));
    await expect(exchange.adjustMargin(request, { account: ACCOUNT }, NOW)).rejects.toThrow("permit was used");
    const permit = (await exchange.takePermit(ACCOUNT)) ?? { account: "" };
    await expect(exchange.adjustMargin({ ...request, account: "bitget:live:b" }, permit, NOW)).rejects.toThrow(
      "another account",
    );
    const changed = { ...request, body: request.body.replace("20", "21") };
    await expect(exchange.adjustMargin(changed, permit, NOW)).rejects.toThrow("not the one that was stored");
    await expect(exchange.takePermit("bitget:live:b")).rejects.toThrow("no such account");
    expect(server.received).toHaveLength(0);
  });

  it("is refused when none comes within 120 s, and never are more than five given in a second", async () => {
    vi.useFakeTimers();
    const exchange = server.exchange();
    const given: number[] = [];
    let refused = 0;
    for (let i = 0; i < 590; i++) {
      void exchange
        .takePermit(ACCOUNT)
        .then((permit) => (permit === undefined ? refused++ : given.push(performance.now())));
    }
    await vi.advanceTimersByTimeAsync(200_000);
    expect(given.length + refused).toBe(590);
    expect(refused).toBeGreaterThan(0);
    expect((given.at(-1) ?? 0) - (given[0] ?? 0)).toBeLessThanOrEqual(120_000);
    expect(given.every((at, i) => at - (given[i - 5] ?? Number.NEGATIVE_INFINITY) >= 1000)).toBe(true);
  });

  it("keeps the rate even when permits are saved up and used together", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    const arrivals: number[] = [];
    server.answer(PATH, (response, request) => {
      arrivals.push(performance.now());
      ok("")(response, request);
    });
    const exchange = server.exchange({ timeoutMs: 1_000_000 });
    const request = exchange.buildRequest(adjustment("20"));
    const waiting = Array.from({ length: 10 }, () => exchange.takePermit(ACCOUNT));
    await vi.advanceTimersByTimeAsync(1100);
    const permits = await Promise.all(waiting);
    const from = performance.now();
    const sent = permits.map((permit) => exchange.adjustMargin(request, permit ?? { account: "" }, NOW));
    await Promise.all(sent.slice(0, 5));
    await exchange.contracts(ACCOUNT);
    await vi.advanceTimersByTimeAsync(1100);
    await Promise.all(sent);
    expect(arrivals.map((at) => at - from)).toEqual([0, 0, 0, 0, 0, 1100, 1100, 1100, 1100, 1100]);
  });
});
