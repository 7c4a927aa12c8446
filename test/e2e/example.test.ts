/** What a newcomer runs first: the example of the exchange client. */
import { expect, it } from "vitest";
import { run } from "../support/process.ts";

it("adds 50 USDT of play money in the example of the exchange client, once", async () => {
  const example = run({ args: ["examples/exchange-client.ts"] });
  expect(await example.ended).toEqual({ code: 0, signal: null });
  expect(example.output().trim().split("\n")).toEqual([
    "before: 612.5 USDT",
    'sent {"symbol":"BTCUSDT","productType":"USDT-FUTURES","marginCoin":"USDT","holdSide":"long","amount":"50"}',
    "the answer is: accepted",
    "after: 662.5 USDT",
  ]);
});
