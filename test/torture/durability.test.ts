/** Order on disk and wire. Needs strace: CI installs it, and where it is missing this fails and says how to get it. */
import { existsSync } from "node:fs";
import { expect, it, onTestFinished } from "vitest";
import { run } from "../support/process.ts";
import { durability, orderFault } from "./durability.ts";
import { openBotWorld } from "./durability-bot.ts";

const ROW = 'pwrite64(21</d/bot.db-wal>, "…\\"bodySha256\\":…", 4096, 32) = 4096';
const SYNC = "fdatasync(21</d/bot.db-wal>) = 0";
const POST = 'write(30<TCP:[127.0.0.1:4000->127.0.0.1:5000]>, "POST /api/v2/mix/account/set-margin HTTP/1.1", 44) = 44';
const trace = (...lines: string[]) => lines.map((line) => `100   ${line}`).join("\n");

it("syncs the row `sending` before the first byte of the call leaves", async () => {
  expect((await durability({ seed: 1, scale: "part" })).failures).toEqual([]);
}, 60_000);

it("sees the right order in a trace, and each wrong one", () => {
  expect(orderFault(trace(ROW, SYNC, POST), "5000")).toBeUndefined();
  expect(orderFault(trace(SYNC, ROW, POST), "5000")).toMatch(/never synced/);
  expect(orderFault(trace(ROW, POST, SYNC), "5000")).toMatch(/the call began/);
  expect(orderFault(trace(POST, ROW, SYNC), "5000")).toMatch(/the call began/);
  expect(orderFault(trace(SYNC, POST), "5000")).toMatch(/no row/);
  expect(orderFault(trace(ROW, SYNC), "5000")).toMatch(/no call/);
  expect(orderFault(trace(ROW, SYNC.replace("= 0", "= -1 EIO"), POST), "5000")).toMatch(/never synced/);
});

it("does not take a sync for done that other threads overtook", () => {
  const begun = "101   fdatasync(21</d/bot.db-wal> <unfinished ...>";
  const ended = "101   <... fdatasync resumed>) = 0";
  const wrong = [`101   ${ROW}`, begun, `100   ${POST}`, ended].join("\n");
  const right = [`101   ${ROW}`, begun, ended, `100   ${POST}`].join("\n");
  expect(orderFault(wrong, "5000")).toMatch(/the call began/);
  expect(orderFault(right, "5000")).toBeUndefined();
});

it("ends at a signal while Telegram cannot be reached", async () => {
  const world = await openBotWorld();
  onTestFinished(() => world.close());
  const bot = run({ env: { ...world.environment, TELEGRAM_API_ROOT: "http://127.0.0.1:9" } });
  onTestFinished(() => void bot.child.kill("SIGKILL"));
  await expect.poll(() => existsSync(world.database), { timeout: 10_000 }).toBe(true);
  await expect.poll(() => world.exchange.calls.length, { timeout: 10_000 }).toBeGreaterThan(0);
  expect(await bot.stop("SIGTERM")).toBe(0);
});
