/** The running bot, asked over HTTP what no server can read: it goes on as if nothing was. */
import { expect, it } from "vitest";
import { statusOf } from "../support/raw-http.ts";
import { cardFor, confirms, verdictOn } from "../support/talk.ts";
import { createWorld, SET_MARGIN } from "../support/world.ts";

const LINES = ["GET // HTTP/1.1", "GET //[ HTTP/1.1", "GET http://[ HTTP/1.1"];

async function statuses(url: string): Promise<number[]> {
  const seen: number[] = [];
  for (const line of LINES) seen.push(await statusOf(url, line));
  return seen;
}

it("finishes a set-margin during which its health port is asked what cannot be read", async () => {
  const { ann, exchange, start, sent } = await createWorld();
  const bot = await start();
  const { http } = await bot.ready;
  const card = await cardFor(ann, "/margin btc long 50");
  const call = exchange.hold(SET_MARGIN);
  confirms(ann, card);
  await call.reached;
  expect(await statuses(http)).toEqual([400, 400, 400]);
  call.release();
  expect((await verdictOn(ann, card)).text).toMatch(/^Done: added 50 USDT/);
  expect(sent()).toHaveLength(1);
  expect(await statusOf(http, "GET /healthz HTTP/1.1")).toBe(200);
  expect(await bot.stop()).toBe(0);
});
