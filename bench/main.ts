/**
 * `npm run bench`: what the bot costs beyond what cannot be left out, both measured in this one run, as ratios.
 * Figures of a busy machine mean little, its ratios a little more: run it again when it is quiet. Takes about a minute.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { createBenchBot } from "./bot.ts";
import { measureCard } from "./card.ts";
import { measureGet, measurePost } from "./client.ts";
import { measurePress } from "./press.ts";
import { measureProcess } from "./process.ts";
import { type Stub, startStub } from "./stub.ts";
import { type Result, table } from "./table.ts";
import { measureHttp, measureRequest } from "./transport.ts";
import { measureUpdate } from "./update.ts";

async function inProcess(folder: string): Promise<Result[]> {
  const stub = await startStub();
  const bot = await createBenchBot(stub, folder);
  const press: Result = {
    what: "press to last byte of set-margin",
    floor: "2 durable inserts, 2 reads, 1 POST",
    unit: "ms",
    pair: await measurePress(bot, stub),
    target: { ratio: 1.6 },
  };
  const card: Result = {
    what: "typed line to card",
    floor: "1 read, 3 reads, 1 durable insert, 1 message",
    unit: "ms",
    pair: await measureCard(bot, stub),
  };
  const update: Result = {
    what: "one update, dialogue stored",
    floor: "bare grammY, dialogue in memory",
    unit: "ms",
    pair: await measureUpdate(bot, stub),
    target: { ratio: 3 },
  };
  const get: Result = {
    what: "signed GET, single position",
    floor: "bare signed fetch",
    unit: "ms",
    pair: await measureGet(stub),
    target: { ratio: 1.3 },
  };
  const post: Result = {
    what: "signed POST, set-margin",
    floor: "bare signed fetch",
    unit: "ms",
    pair: await measurePost(stub),
    target: { ratio: 1.3 },
  };
  const transports = await besideFetch(stub);
  await bot.drained();
  await bot.close();
  stub.close();
  return [press, card, update, get, post, ...transports];
}

/** What the floor of a signed call would be by other means: shown, and no aim. */
async function besideFetch(stub: Stub): Promise<Result[]> {
  const floor = "bare signed fetch";
  return [
    { what: "  bare GET by undici.request", floor, unit: "ms", pair: await measureRequest(stub) },
    { what: "  bare GET by node:http", floor, unit: "ms", pair: await measureHttp(stub) },
  ];
}

async function ownProcess(folder: string): Promise<Result[]> {
  const { start, rss } = await measureProcess(folder);
  return [
    { what: "start to ready", floor: "empty Node", unit: "ms", pair: start, target: { median: 2000 } },
    { what: "RSS when idle", floor: "empty Node", unit: "MB", pair: rss, target: { median: 200 } },
  ];
}

const folder = mkdtempSync(join(tmpdir(), "margin-bot-bench-"));
try {
  const results = [...(await inProcess(folder)), ...(await ownProcess(folder))];
  process.stdout.write(`Node ${process.version}, ${cpus().length} cores, ${cpus()[0]?.model ?? "?"}\n`);
  process.stdout.write(`${table(results)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
