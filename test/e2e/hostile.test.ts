/** The running bot and the running playground, asked over HTTP what no server can read: they go on as if nothing was. */
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { run } from "../support/process.ts";
import { statusOf } from "../support/raw-http.ts";
import { cardFor, confirms, verdictOn } from "../support/talk.ts";
import { createWorld, SET_MARGIN, temporaryFolder } from "../support/world.ts";

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

it("keeps playground and bot when the page's port is asked what cannot be read", async () => {
  const database = join(temporaryFolder(), "bot.db");
  const world = run({ env: { DATABASE_URL: `file:${database}`, HTTP_PORT: "0" } });
  onTestFinished(async () => void (await world.stop()));
  const { http } = await world.ready;
  expect(await statuses(http)).toEqual([400, 400, 400]);
  expect(await statusOf(http, "GET /bot%zz/getMe HTTP/1.1")).toBe(400);
  expect(await statusOf(http, "GET / HTTP/1.1")).toBe(200);
  expect(await statusOf(http, "GET /readyz HTTP/1.1")).toBe(200);
  expect(world.lines.filter(({ event }) => event === "bot_restarting")).toEqual([]);
  expect(await world.stop()).toBe(0);
});
