/** What buttons carry: it fits into Telegram's limit, reads back as it was, and nothing else reads at all. */
import { expect, it } from "vitest";
import { decimal } from "../../../src/margin/model/decimal.ts";
import type { HoldSide, ProductType } from "../../../src/margin/model/position.ts";
import {
  historyData,
  nextData,
  positionData,
  readHistoryData,
  readNextData,
  readPositionData,
} from "../../../src/telegram/messaging/callback-data.ts";

const BYTES_MAX = 64;
const ADJUSTMENT = "abcdefghjkmnpqrstuvw";

it.each([
  ["USDT-FUTURES", "1000000MOGUSDT", "USDT", "long"],
  ["USDT-FUTURES", "币安人生USDT", "USDT", "long"],
  ["USDC-FUTURES", "BTCPERP", "USDC", "short"],
  ["COIN-FUTURES", "BTCUSDZ26", "BTC", "short"],
] as const)("names a position of %s", (productType: ProductType, symbol, marginCoin, holdSide: HoldSide) => {
  const data = positionData({ productType, symbol, marginCoin, holdSide });
  expect(Buffer.byteLength(data)).toBeLessThanOrEqual(BYTES_MAX);
  expect(readPositionData(data)).toEqual({ productType, symbol, marginCoin, holdSide });
});

it.each(["undo", "use", "more", "position"] as const)("names the next step %s", (action) => {
  const amount = decimal<"margin coin">("123456789012345.12345678");
  const data = nextData(action, ADJUSTMENT, amount);
  expect(Buffer.byteLength(data)).toBeLessThanOrEqual(BYTES_MAX);
  expect(readNextData(data)).toEqual({ action, adjustment: ADJUSTMENT, amount });
  expect(readNextData(nextData(action, ADJUSTMENT))).toEqual({ action, adjustment: ADJUSTMENT, amount: undefined });
});

it("names a page of a list, and what is open on it", () => {
  const location = { owner: "1234567890123456", filter: "not_known", page: 9999, adjustment: ADJUSTMENT } as const;
  const data = historyData(location);
  expect(Buffer.byteLength(data)).toBeLessThanOrEqual(BYTES_MAX);
  expect(readHistoryData(data)).toEqual(location);
});

it.each(["", "p1:u:BTCUSDT:USDT", "p1:q:BTCUSDT:USDT:l", "v1:u:ABC", "v1:a:abcdefghjk:-1", "h1:a:-1:501", "h1:a:0:"])(
  "reads nothing from %j",
  (data) => {
    expect([readPositionData(data), readNextData(data), readHistoryData(data)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  },
);
