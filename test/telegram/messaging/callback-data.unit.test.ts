/** What buttons carry: the bytes of buttons that hang in chats, read back as they were, and nothing else reads at all. */
import { describe, expect, it } from "vitest";
import { decimal } from "../../../src/margin/model/decimal.ts";
import {
  callbackData,
  POSITIONS_AGAIN,
  questionData,
  readChoice,
} from "../../../src/telegram/messaging/callback-data.ts";

const BYTES_MAX = 64;
const ADJUSTMENT = "abcdefghjkmnpqrstuvw";
const NONCE = "AZaz09_-AZaz09_-AZaz09_-AZaz09_-";
const AMOUNT = decimal<"margin coin">("123456789012345.12345678");
const { card, question, position, next, history } = callbackData;

/** With both ways of one codec bound to each, as the types of their values differ. */
const cases = <T>(codec: { encode(value: T): string; decode(data: string): T | undefined }, all: [string, T][]) =>
  all.map(([data, value]) => ({ data, value, encode: () => codec.encode(value), decode: () => codec.decode(data) }));

const WRITTEN = [
  ...cases(card, [
    [`m1:c:${ADJUSTMENT}:${NONCE}`, { action: "confirm", adjustment: ADJUSTMENT, nonce: NONCE }],
    [`m1:x:abcdefgh:${NONCE.slice(16)}`, { action: "cancel", adjustment: "abcdefgh", nonce: NONCE.slice(16) }],
  ]),
  ...cases(question, [
    ["q1:abc123:turn", { dialogue: "abc123", choice: "turn" }],
    ["q1:abcdefghjkmn:p10", { dialogue: "abcdefghjkmn", choice: "p10" }],
  ]),
  ...cases(position, [
    [
      "p1:u:1000000MOGUSDT:USDT:l",
      { productType: "USDT-FUTURES", symbol: "1000000MOGUSDT", marginCoin: "USDT", holdSide: "long" },
    ],
    [
      "p1:u:币安人生USDT:USDT:l",
      { productType: "USDT-FUTURES", symbol: "币安人生USDT", marginCoin: "USDT", holdSide: "long" },
    ],
    ["p1:c:BTCPERP:USDC:s", { productType: "USDC-FUTURES", symbol: "BTCPERP", marginCoin: "USDC", holdSide: "short" }],
    [
      "p1:b:BTCUSDZ26:BTC:s",
      { productType: "COIN-FUTURES", symbol: "BTCUSDZ26", marginCoin: "BTC", holdSide: "short" },
    ],
  ]),
  ...cases(next, [
    [`v1:u:${ADJUSTMENT}`, { action: "undo", adjustment: ADJUSTMENT }],
    [`v1:a:${ADJUSTMENT}`, { action: "use", adjustment: ADJUSTMENT }],
    [`v1:a:${ADJUSTMENT}:${AMOUNT}`, { action: "use", adjustment: ADJUSTMENT, amount: AMOUNT }],
    [`v1:m:${ADJUSTMENT}`, { action: "more", adjustment: ADJUSTMENT }],
    [`v1:p:${ADJUSTMENT}`, { action: "position", adjustment: ADJUSTMENT }],
    [`v1:c:${ADJUSTMENT}`, { action: "change", adjustment: ADJUSTMENT }],
  ]),
  ...cases(history, [
    ["h1:a:0:501", { filter: "all", page: 0, owner: "501" }],
    ["h1:d:1:501", { filter: "done", page: 1, owner: "501" }],
    ["h1:n:12:501", { filter: "not_done", page: 12, owner: "501" }],
    [
      `h1:k:9999:1234567890123456:${ADJUSTMENT}`,
      { filter: "not_known", page: 9999, owner: "1234567890123456", adjustment: ADJUSTMENT },
    ],
  ]),
];

describe("a button", () => {
  it.each(WRITTEN)("carries $data, and is read back as it was", ({ data, value, encode, decode }) => {
    expect(encode()).toBe(data);
    expect(decode()).toEqual(value);
    expect(Buffer.byteLength(data)).toBeLessThanOrEqual(BYTES_MAX);
  });

  it.each([...WRITTEN.map(({ data }) => data), POSITIONS_AGAIN])("is of one kind only: %s", (data) => {
    expect(Object.values(callbackData).filter((codec) => codec.decode(data) !== undefined)).toHaveLength(1);
  });

  it("for the list of positions carries what it always did", () => {
    expect(POSITIONS_AGAIN).toBe("p1:again");
  });

  it("takes 64 bytes, and none more", () => {
    const place = { filter: "all", page: 0, owner: "1" } as const;
    const left = BYTES_MAX - Buffer.byteLength("h1:a:0:1:");
    expect(Buffer.byteLength(history.encode({ ...place, adjustment: "a".repeat(left) }))).toBe(BYTES_MAX);
    expect(() => history.encode({ ...place, adjustment: "a".repeat(left + 1) })).toThrow("too long");
    // A letter of these has three bytes.
    expect(() => question.encode({ dialogue: "abc123", choice: "币".repeat(19) })).toThrow("too long");
  });

  it("of a question counts in its own dialogue only", () => {
    const data = questionData("abc123", "turn");
    expect(readChoice(data, "abc123")).toBe("turn");
    expect(readChoice(data, "abc124")).toBeUndefined();
    expect(readChoice(undefined, "abc123")).toBeUndefined();
  });
});

const FORGED = ["", ":", "m1", "m2", "p1:u:BTCUSDT:USDT", "p1:q:BTCUSDT:USDT:l", "p1:u:btcusdt:USDT:l", "p1:again:"];
FORGED.push("v1:u:ABC", "v1:a:abcdefghjk:-1", "v1:a:abcdefghjk:1e9", "v1:a:abcdefghjk:", "v1:a:abcdefghjk:5:5");
FORGED.push("h1:a:-1:501", "h1:a:0:", "h1:a:0:501:", "h1:constructor:0:501", "h1:a:0:501\n", " h1:a:0:501");
FORGED.push(
  `m1:c:${ADJUSTMENT}`,
  `m1:c:${ADJUSTMENT}:short`,
  `m1:c:${ADJUSTMENT}:${NONCE}:`,
  `M1:c:${ADJUSTMENT}:${NONCE}`,
);

it.each(FORGED)("nothing is read from %j", (data) => {
  for (const codec of Object.values(callbackData)) expect(codec.decode(data)).toBeUndefined();
});

it.each([
  ["龙虾USDT", true],
  ["BTCUSD_CM", true],
  ["龙".repeat(17), true],
  ["龙".repeat(18), false],
])("a position called %s fits into a button: %s", (symbol, fits) => {
  const tap = { productType: "USDT-FUTURES", symbol, marginCoin: "USDT", holdSide: "long" } as const;
  expect(callbackData.position.fits(tap)).toBe(fits);
  if (fits) expect(callbackData.position.decode(callbackData.position.encode(tap))).toEqual(tap);
  else expect(() => callbackData.position.encode(tap)).toThrow("too long");
});
