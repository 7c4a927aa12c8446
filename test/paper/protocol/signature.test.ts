import { describe, expect, it } from "vitest";
import { sign } from "../../../src/paper/protocol/signature.ts";
import { adjustment, CREDENTIALS, get, headersFor, reply, SET_MARGIN, START, startExchange } from "../world.ts";

const BODY = adjustment();

/** Made with Bitget's own client and with two others, the clock standing still. */
const VECTORS = [
  [`1659076670000POST/api/v2/mix/account/set-margin${BODY}`, "EikalQ6lRmZZC+VGDYZODA7Wyo+G41pDP8LTT5DGVus="],
  [
    '1659076670000POST/api/v2/mix/account/set-margin{"symbol":"BTCUSDT","productType":"USDT-FUTURES","marginCoin":"USDT","holdSide":"short","amount":"-5.25"}',
    "pUH60AXbizywhharNKmpFhthex71UxmropievWzSzdI=",
  ],
  [
    "1659076670000GET/api/v2/mix/position/single-position?marginCoin=USDT&productType=USDT-FUTURES&symbol=BTCUSDT",
    "CQ198Bc1cXdowHcde1OO0EU1IfiDCLjXKGP9oTD9JYs=",
  ],
  [
    "1659076670000GET/api/v2/mix/account/accounts?productType=USDT-FUTURES",
    "ZfHMla88HHFt3ph8lTSHon3vo5SCWgrNAlkItbjv2Tg=",
  ],
] as const;

async function post(headers: Record<string, string>, environment: "paper" | "live" | "demo" = "paper") {
  const exchange = await startExchange({ environment });
  const answer = await reply(await fetch(exchange.url + SET_MARGIN, { method: "POST", headers, body: BODY }));
  return { ...answer, applied: exchange.applied().length };
}

function signedAt(time: number): Record<string, string> {
  return headersFor("POST", SET_MARGIN, BODY, time);
}

describe("a signature", () => {
  it.each(VECTORS)("of %s is the one that other clients make", (prehash, signature) => {
    expect(sign(CREDENTIALS.secret, prehash)).toBe(signature);
  });

  it("is made over the query as it was sent, not over a sorted or decoded one", async () => {
    const exchange = await startExchange();
    const target = "/api/v2/mix/position/all-position?productType=USDT%2DFUTURES&marginCoin=USDT";
    const headers = headersFor("GET", target, "", START);
    expect((await reply(await fetch(exchange.url + target, { headers }))).code).toBe("00000");
    const sorted = "/api/v2/mix/position/all-position?marginCoin=USDT&productType=USDT-FUTURES";
    expect((await reply(await fetch(exchange.url + sorted, { headers }))).code).toBe("40009");
  });

  it("is made over the bytes of the body, blanks and order included", async () => {
    const exchange = await startExchange();
    const spaced = ` { "amount" : "20", "holdSide":"long","marginCoin":"USDT","productType":"USDT-FUTURES","symbol":"BTCUSDT"}\n`;
    const init = { method: "POST", body: spaced };
    const own = headersFor("POST", SET_MARGIN, spaced, START);
    expect((await reply(await fetch(exchange.url + SET_MARGIN, { ...init, headers: own }))).code).toBe("00000");
    const compact = headersFor("POST", SET_MARGIN, JSON.stringify(JSON.parse(spaced)), START);
    expect((await reply(await fetch(exchange.url + SET_MARGIN, { ...init, headers: compact }))).code).toBe("40009");
  });
});

describe("a private call is turned away", () => {
  it.each([
    ["without a key", { "ACCESS-KEY": "" }, "40001"],
    ["without a signature", { "ACCESS-SIGN": "" }, "40002"],
    ["without a timestamp", { "ACCESS-TIMESTAMP": "" }, "40003"],
    ["without a passphrase", { "ACCESS-PASSPHRASE": "" }, "40011"],
    ["with a timestamp in seconds", { "ACCESS-TIMESTAMP": "1790000000" }, "40005"],
    ["with a timestamp that is no number", { "ACCESS-TIMESTAMP": "yesterday" }, "40005"],
    ["with a body that is not called JSON", { "Content-Type": "text/plain" }, "40007"],
    ["with an unknown key", { "ACCESS-KEY": "other" }, "40012"],
    ["with a wrong passphrase", { "ACCESS-PASSPHRASE": "other" }, "40012"],
    [
      "with the signature of another secret",
      { "ACCESS-SIGN": sign("other", `${START}POST${SET_MARGIN}${BODY}`) },
      "40009",
    ],
    ["with a signature in hex", { "ACCESS-SIGN": "12".repeat(32) }, "40009"],
    ["with a timestamp that was not signed", { "ACCESS-TIMESTAMP": `${START + 1}` }, "40009"],
  ])("%s", async (_, changed, code) => {
    expect(await post({ ...signedAt(START), ...changed })).toMatchObject({ status: 400, code, applied: 0 });
  });

  it.each([
    [-30_001, "40008"],
    [-30_000, "00000"],
    [30_000, "00000"],
    [30_001, "40008"],
  ])("when its clock is off by more than 30 s: %i ms gives %s", async (offMs, code) => {
    expect(await post(signedAt(START + offMs))).toMatchObject({ code });
  });

  it.each([
    ["live", "1", "40099"],
    ["live", "0", "00000"],
    ["demo", "0", "40099"],
    ["demo", "1", "00000"],
    ["paper", "0", "00000"],
    ["paper", "1", "00000"],
  ] as const)(
    "when its environment is not the key's: a %s key with paptrading %s gives %s",
    async (home, flag, code) => {
      expect(await post({ ...signedAt(START), paptrading: flag }, home)).toMatchObject({ code });
    },
  );
});

describe("the server's clock", () => {
  it("can be wrong, and then turns away a caller whose own clock is right", async () => {
    const exchange = await startExchange();
    exchange.skew(31_000);
    expect((await get(exchange, "/api/v2/public/time")).data).toEqual({ serverTime: `${START + 31_000}` });
    expect((await get(exchange, "/api/v2/spot/account/info")).code).toBe("40008");
    exchange.skew(0);
    expect((await get(exchange, "/api/v2/spot/account/info")).code).toBe("00000");
  });
});
