/** The bot as its operator meets it: starts, ends, signals, and the playground that survives its bot. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { type Command, type Running, run } from "../support/process.ts";
import { ANCHOR, asks, cardFor, confirms, verdictOn } from "../support/talk.ts";
import { createWorld, SET_MARGIN, temporaryFolder } from "../support/world.ts";

/** Starts as somebody does who just cloned the repository: no token, no account. */
function playground(command: Pick<Command, "command" | "args">, database = join(temporaryFolder(), "data", "bot.db")) {
  const running = run({ ...command, env: { DATABASE_URL: `file:${database}`, HTTP_PORT: "0" } });
  onTestFinished(async () => {
    await running.stop("SIGTERM");
  });
  return { running, database };
}

const status = async (url: string) => (await fetch(url)).status;

/** What the page is told until it matches, after this person said something there. */
async function onPage(http: string, said: string, pattern: RegExp): Promise<string> {
  const events = await fetch(`${http}/playground/events`);
  const body = JSON.stringify({ person: 1001, chat: 1001, text: said });
  const headers = { origin: http, "content-type": "application/json" };
  await fetch(`${http}/playground/say`, { method: "POST", headers, body });
  let seen = "";
  const decoder = new TextDecoder();
  for await (const chunk of events.body ?? []) {
    seen += decoder.decode(chunk as Uint8Array, { stream: true });
    if (pattern.test(seen)) break;
  }
  return seen;
}

function childOf(parent: Running): number {
  const list = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  const pairs = list.split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  const child = pairs.find(([, ppid]) => ppid === parent.child.pid)?.[0];
  if (child === undefined) throw new Error(`process ${parent.child.pid} has no child:\n${list}`);
  return child;
}

it("opens the playground with npm start, shows an operator its health there, and ends with it", async () => {
  const { running } = playground({ command: "npm", args: ["start"] });
  const ready = await running.ready;
  expect(ready).toMatchObject({ event: "ready", mode: "paper", bot: expect.stringMatching(/^\w+bot$/) });
  expect(ready.exchange).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const page = await fetch(ready.http);
  expect([page.status, page.headers.get("content-type")]).toEqual([200, expect.stringContaining("text/html")]);
  expect(await status(`${ready.http}/healthz`)).toBe(200);
  expect(await status(`${ready.http}/readyz`)).toBe(200);
  const metrics = await fetch(`${ready.http}/metrics`);
  expect([metrics.status, await metrics.text()]).toEqual([200, expect.stringContaining("# TYPE ")]);
  expect(await status(`${ready.http}/nothing`)).toBe(404);
  expect(await onPage(ready.http, "/margin", /Which position/)).toMatch(/BTC long/);
  expect(await running.stop("SIGTERM")).toBe(0);
  await expect(fetch(ready.http)).rejects.toThrow();
});

it("keeps the playground standing while its bot is killed, and brings the bot back", async () => {
  const { running } = playground({});
  const { http } = await running.ready;
  const killed = childOf(running);
  process.kill(killed, "SIGKILL");
  await running.logged("bot_restarting");
  expect(await status(http)).toBe(200);
  await running.logged("ready", 2);
  expect(childOf(running)).not.toBe(killed);
  expect(await status(`${http}/readyz`)).toBe(200);
  expect(await onPage(http, "/margin", /Which position/)).toMatch(/BTC long/);
  expect(await running.stop("SIGINT")).toBe(0);
});

it("lets no second process on the same database, and names the first", async () => {
  const { ann, database, environment, start } = await createWorld();
  const first = await start();
  const second = run({ env: environment() });
  const third = playground({}, database).running;
  for (const late of [second, third]) {
    expect((await late.ended).code).toBe(75);
    expect(late.output()).toContain(`process ${first.child.pid} `);
  }
  expect((await asks(ann, "/positions", /./)).text).toMatch(/BTC long/);
  expect(await first.stop("SIGTERM")).toBe(0);
});

it.each([
  ["one signal", ["SIGTERM"]],
  ["two signals within a second", ["SIGINT", "SIGTERM"]],
] as const)("finishes, records and tells what is under way, and ends with 0, after %s", async (_name, signals) => {
  const { ann, bob, exchange, start, sent, rows } = await createWorld();
  const bot = await start();
  const late = await cardFor(bob, "/margin eth long 5");
  const card = await cardFor(ann, "/margin btc long 50");
  const call = exchange.hold(SET_MARGIN);
  confirms(ann, card);
  await call.reached;
  for (const signal of signals) bot.child.kill(signal);
  await bot.logged("stopping");
  confirms(bob, late);
  call.release();
  expect(await bot.ended).toEqual({ code: 0, signal: null });
  const verdict = await verdictOn(ann, card);
  expect(verdict.text).toMatch(/^Done/);
  const [, seq] = ANCHOR.exec(verdict.text) ?? [];
  expect(rows().find((row) => String(row.seq) === seq)?.step).toBe("accepted");
  expect(sent()).toHaveLength(1);
});

it("ends with 78 when Telegram refuses the token, and does not print it", async () => {
  const { environment } = await createWorld();
  const token = "7000000001:another-canary-5e21";
  const bot = run({ env: environment({ TELEGRAM_BOT_TOKEN: token, LOG_LEVEL: "trace" }) });
  expect((await bot.ended).code).toBe(78);
  expect(bot.output()).toMatch(/TELEGRAM_BOT_TOKEN/);
  expect(bot.output()).not.toContain(token);
});

it("ends with 78 at once, and names both settings, when there is no such bot at the address", async () => {
  const { telegram, environment } = await createWorld();
  const bot = run({ env: environment({ TELEGRAM_API_ROOT: `${telegram.apiRoot}/bot` }) });
  expect((await bot.ended).code).toBe(78);
  expect(bot.output()).toMatch(/^TELEGRAM_BOT_TOKEN or TELEGRAM_API_ROOT is wrong: .*$/m);
});

it("ends with 1, and says why, when somebody else polls with its token", async () => {
  const { telegram, ann, start, exchange } = await createWorld();
  const bot = await start();
  telegram.fail("getUpdates", {
    kind: "error",
    code: 409,
    description: "Conflict: terminated by other getUpdates request",
  });
  // The poll that is open ends with this, and the next one meets the other.
  ann.says("/help");
  expect((await bot.ended).code).toBe(1);
  expect(bot.lines.filter(({ event }) => event === "polling_broken")).toMatchObject([{ level: "error" }]);
  expect(bot.lines.map(({ event }) => event)).toContain("stopping");
  expect(exchange.applied()).toEqual([]);
});
