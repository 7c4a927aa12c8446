import { describe, expect, it } from "vitest";
import {
  prehash,
  queryText,
  type Request,
  sentTarget,
  signature,
  signedHeaders,
} from "../../../src/bitget/http/sign.ts";

const SECRET = "test-secret-0123456789abcdef";
const TIME = 1659076670000;

const get = (path: string, values: Record<string, string> = {}): Request => ({
  method: "GET",
  path,
  query: queryText(values),
  body: "",
});
const post = (path: string, body: string): Request => ({ method: "POST", path, query: "", body });

// Signatures that two other clients of Bitget (bitget-api 3.2.3, ccxt 4.5.84) make of the same requests.
const VECTORS: [string, Request, string, string][] = [
  [
    "an addition",
    post(
      "/api/v2/mix/account/set-margin",
      '{"symbol":"BTCUSDT","productType":"USDT-FUTURES","marginCoin":"USDT","holdSide":"long","amount":"20"}',
    ),
    '1659076670000POST/api/v2/mix/account/set-margin{"symbol":"BTCUSDT","productType":"USDT-FUTURES","marginCoin":"USDT","holdSide":"long","amount":"20"}',
    "EikalQ6lRmZZC+VGDYZODA7Wyo+G41pDP8LTT5DGVus=",
  ],
  [
    "a removal",
    post(
      "/api/v2/mix/account/set-margin",
      '{"symbol":"BTCUSDT","productType":"USDT-FUTURES","marginCoin":"USDT","holdSide":"short","amount":"-5.25"}',
    ),
    '1659076670000POST/api/v2/mix/account/set-margin{"symbol":"BTCUSDT","productType":"USDT-FUTURES","marginCoin":"USDT","holdSide":"short","amount":"-5.25"}',
    "pUH60AXbizywhharNKmpFhthex71UxmropievWzSzdI=",
  ],
  [
    "a query whose names come unsorted",
    get("/api/v2/mix/position/single-position", {
      symbol: "BTCUSDT",
      productType: "USDT-FUTURES",
      marginCoin: "USDT",
    }),
    "1659076670000GET/api/v2/mix/position/single-position?marginCoin=USDT&productType=USDT-FUTURES&symbol=BTCUSDT",
    "CQ198Bc1cXdowHcde1OO0EU1IfiDCLjXKGP9oTD9JYs=",
  ],
  [
    "a query of one value",
    get("/api/v2/mix/account/accounts", { productType: "USDT-FUTURES" }),
    "1659076670000GET/api/v2/mix/account/accounts?productType=USDT-FUTURES",
    "ZfHMla88HHFt3ph8lTSHon3vo5SCWgrNAlkItbjv2Tg=",
  ],
  [
    "a path without a query",
    get("/api/v2/spot/account/info"),
    "1659076670000GET/api/v2/spot/account/info",
    "wGOyt4fO6zjwuQ9SrgnbS/7YFkjU/nqtX5O8VY0qNGE=",
  ],
  [
    "a call of version 3",
    post(
      "/api/v3/account/set-margin",
      '{"category":"USDT-FUTURES","symbol":"BTCUSDT","posSide":"long","operation":"add","amount":"10"}',
    ),
    '1659076670000POST/api/v3/account/set-margin{"category":"USDT-FUTURES","symbol":"BTCUSDT","posSide":"long","operation":"add","amount":"10"}',
    "6jY7jaVhuxH+Jw+e5Bf3EyF2WAvfSiyn0+hTtWZ28HQ=",
  ],
];

describe("the signature", () => {
  it.each(VECTORS)("signs %s as other clients do", (_name, request, text, expected) => {
    expect(prehash(TIME, request)).toBe(text);
    expect(signature(SECRET, text)).toBe(expected);
  });

  it("refuses a query value that would need escaping", () => {
    for (const value of ["a b", "a&b", "a%20", "", "a+b"]) {
      expect(() => queryText({ symbol: value }), value).toThrow("cannot be signed");
    }
    expect(queryText({ b: "x_Y.1-2", a: "0" })).toBe("a=0&b=x_Y.1-2");
  });

  it("signs a name outside ASCII as it is, and sends it encoded", () => {
    const request = { method: "GET", path: "/api/x", query: queryText({ symbol: "龙虾USDT" }), body: "" } as const;
    expect(prehash(1, request)).toBe("1GET/api/x?symbol=龙虾USDT");
    expect(sentTarget(request)).toBe("/api/x?symbol=%E9%BE%99%E8%99%BEUSDT");
  });

  it("asks for demo trading by a header that is not signed", () => {
    const credentials = { key: "k", secret: SECRET, passphrase: "p" };
    const request = get("/api/v2/spot/account/info");
    const live = signedHeaders(credentials, false, TIME, request);
    const demo = signedHeaders(credentials, true, TIME, request);
    expect(live).toEqual({
      "ACCESS-KEY": "k",
      "ACCESS-SIGN": "wGOyt4fO6zjwuQ9SrgnbS/7YFkjU/nqtX5O8VY0qNGE=",
      "ACCESS-TIMESTAMP": "1659076670000",
      "ACCESS-PASSPHRASE": "p",
    });
    expect(demo).toEqual({ ...live, paptrading: "1" });
  });
});
