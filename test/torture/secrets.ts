/**
 * Secrets stay secret: canary credentials go through faulty runs of the real process, and every byte that comes out
 * (log, chat, database and its log, export, metrics, last words) is searched for them, in every spelling.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Fault } from "../../src/paper/exchange.ts";
import { type Running, run } from "../support/process.ts";
import { SPELLINGS } from "../support/spellings.ts";
import { type BotWorld, CANARIES, openBotWorld } from "./durability-bot.ts";

/** A secret in each spelling. */
function spellings(secret: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(SPELLINGS).map(([how, spell]) => [how, spell(secret)]));
}

/** Where bytes come out, by name. */
type Sinks = Record<string, Buffer>;

const SECRETS = Object.entries(CANARIES);
// Of a token, the part behind the number is the secret one.
const SOUGHT = [...SECRETS, ["token's secret", CANARIES.token.split(":")[1] ?? ""] as const];

function hits(scenario: string, sinks: Sinks): string[] {
  const found: string[] = [];
  for (const [sink, bytes] of Object.entries(sinks)) {
    for (const [name, secret] of SOUGHT) {
      const ways = Object.entries(spellings(secret)).filter(([, text]) => bytes.includes(text));
      const at = bytes.indexOf(ways[0]?.[1] ?? "");
      const around = bytes
        .subarray(Math.max(0, at - 60), at)
        .toString("utf8")
        .replace(/\s+/g, " ");
      if (ways.length > 0)
        found.push(`${scenario}: ${name} in ${sink}, ${ways.map(([way]) => way).join(", ")}, behind "${around}"`);
    }
  }
  return found;
}

/** What an exchange that parrots the caller would say, in one spelling. Of the token it never heard. */
const parrot = (way: string) =>
  [CANARIES.key, CANARIES.secret, CANARIES.passphrase].map((secret) => spellings(secret)[way] ?? "").join(" ");

async function exported(world: BotWorld, format: string): Promise<Buffer> {
  const args = ["src/main.ts", "audit", "export", "--format", format];
  const exporting = run({ args, env: { ...world.environment } });
  await exporting.ended;
  return Buffer.from(exporting.output());
}

async function served(url: string): Promise<Buffer> {
  const texts = await Promise.all(
    ["/metrics", "/healthz", "/readyz", "/nothing"].map(async (path) => (await fetch(`${url}${path}`)).text()),
  );
  return Buffer.from(texts.join("\n"));
}

async function sinksOf(world: BotWorld, output: string, http?: string): Promise<Sinks> {
  const metrics = http === undefined ? {} : { metrics: await served(http) };
  const calls = world.telegram.calls().map(({ method, params }) => ({ method, params }));
  const messages = world.ann.chat.messages();
  const names = readdirSync(world.folder).filter((name) => name.startsWith("bot.db"));
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(world.folder, name))]));
  return {
    output: Buffer.from(output),
    // As it is, and not as JSON, which would hide the one spelling behind another.
    chat: Buffer.from(messages.map(({ text }) => text).join("\n")),
    "calls to Telegram": Buffer.from(JSON.stringify(calls)),
    ...files,
    ...metrics,
    "export jsonl": await exported(world, "jsonl"),
    "export csv": await exported(world, "csv"),
  };
}

const LEVELS = { LOG_LEVEL: "trace" } as const;

/** One adjustment that meets this fault at the exchange, until its first words. */
async function adjusted(world: BotWorld, coin: string, path: RegExp, how: Fault): Promise<void> {
  const before = Math.max(0, ...world.ann.chat.messages().map(({ id }) => id));
  world.ann.says(`/margin ${coin} long 5`);
  await world.ann.chat.waitFor(/Expires/, { after: before });
  world.exchange.fail({ path, how });
  world.ann.presses(/^Add 5 USDT/);
  await world.ann.chat.waitFor(/^(?:Done|Not done|Not known yet)/, { after: before, timeoutMs: 20_000 });
}

const MONEY = /set-margin/;
const LOOK = /single-position/;

async function parroting(world: BotWorld, way: string): Promise<Sinks> {
  const bot = await world.start(LEVELS);
  const msg = parrot(way);
  await adjusted(world, "btc", MONEY, { kind: "code", code: "40014", msg });
  await adjusted(world, "sol", LOOK, { kind: "code", code: "40012", msg });
  await adjusted(world, "eth", MONEY, { kind: "code", code: "99998", msg });
  await adjusted(world, "sol", MONEY, { kind: "status", status: 502, body: msg });
  const sinks = await sinksOf(world, bot.output(), (await bot.ready).http);
  await bot.stop();
  return { ...sinks, output: Buffer.from(bot.output()) };
}

async function telegramTrouble(world: BotWorld): Promise<Sinks> {
  const bot = await world.start(LEVELS);
  const { telegram, ann } = world;
  const description = `Not Found: ${parrot("raw")} ${parrot("URL-encoded")}`;
  telegram.fail("getUpdates", { kind: "html" });
  telegram.fail("getUpdates", { kind: "error", code: 500, description });
  telegram.fail("sendMessage", { kind: "drop", when: "before" });
  telegram.fail("sendMessage", { kind: "error", code: 400, description });
  telegram.fail("sendMessage", { kind: "drop", when: "after" });
  for (const text of ["/help", "/margin btc long 5", "/positions", "/history", "/start", "/margin btc long 5"])
    ann.says(text);
  await ann.chat.waitFor(/Expires/, { timeoutMs: 20_000 });
  telegram.fail("editMessageText", { kind: "error", code: 400, description });
  telegram.fail("answerCallbackQuery", { kind: "error", code: 400, description });
  ann.presses(/^Add 5 USDT/);
  await ann.chat.waitFor(/^Done/, { timeoutMs: 20_000 });
  const sinks = await sinksOf(world, bot.output(), (await bot.ready).http);
  await bot.stop();
  return { ...sinks, output: Buffer.from(bot.output()) };
}

/** A start that goes on for ever is broken off, so that its output can be searched. */
async function endedInTime({ child, ended }: Running): Promise<void> {
  const late = [setTimeout(() => child.kill("SIGTERM"), 6_000), setTimeout(() => child.kill("SIGKILL"), 8_000)];
  await ended;
  for (const timer of late) clearTimeout(timer);
}

/** What somebody types who pastes the wrong thing: it is stored where it must be, and nowhere else. */
async function refusedStart(world: BotWorld, env: NodeJS.ProcessEnv): Promise<Sinks> {
  const bot = run({ env: { ...world.environment, ...LEVELS, ...env } });
  await endedInTime(bot);
  return sinksOf(world, bot.output());
}

const preload = (code: string) => ({ NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` });

/** Every tenth request of the process fails with an error that carries all that it knows of the request. */
const TALKATIVE = `
  const real = globalThis.fetch;
  let calls = 0;
  globalThis.fetch = (url, init) => ++calls % 10 === 9
    ? Promise.reject(Object.assign(new TypeError("fetch failed: " + (url.url ?? url)), { request: { url: String(url.url ?? url), init } }))
    : real(url, init);`;

/** A bug: a rejection that nobody handles, with the error of an HTTP client in it. */
const UNHANDLED = `
  setTimeout(() => {
    const url = process.env.TELEGRAM_API_ROOT + "/bot" + process.env.TELEGRAM_BOT_TOKEN + "/getMe";
    const headers = { "ACCESS-KEY": process.env.BITGET_API_KEY, "ACCESS-PASSPHRASE": process.env.BITGET_API_PASSPHRASE };
    void Promise.reject(Object.assign(new Error("request to " + url + " failed"), { options: { url, headers } }));
  }, 1500);`;

async function talkative(world: BotWorld): Promise<Sinks> {
  const bot = await world.start({ ...LEVELS, ...preload(TALKATIVE) });
  for (const coin of ["btc", "eth", "sol"]) {
    world.ann.says(`/margin ${coin} long 5`);
    const card = await world.ann.chat.waitFor(/Expires/, { timeoutMs: 5_000 }).catch(() => undefined);
    if (card !== undefined) world.ann.presses(/^Add 5 USDT/);
    world.ann.says("/cancel");
  }
  await bot.stop();
  return sinksOf(world, bot.output());
}

async function crashed(world: BotWorld): Promise<Sinks> {
  const bot = run({ env: { ...world.environment, ...LEVELS, ...preload(UNHANDLED) } });
  await endedInTime(bot);
  return sinksOf(world, bot.output());
}

type Scenario = (world: BotWorld) => Promise<Sinks>;

const GONE = "http://127.0.0.1:9";
const SCENARIOS: Readonly<Record<string, Scenario>> = {
  "the exchange repeats the secrets": (world) => parroting(world, "raw"),
  "Telegram fails": telegramTrouble,
  "a last error that nobody handles": crashed,
  "the exchange repeats the secrets URL-encoded": (world) => parroting(world, "URL-encoded"),
  "the exchange repeats the secrets in base64": (world) => parroting(world, "base64"),
  "the exchange repeats the secrets JSON-escaped": (world) => parroting(world, "JSON-escaped"),
  "the exchange repeats the secrets in hexadecimal": (world) => parroting(world, "hex"),
  "requests fail with talkative errors": talkative,
  "the token is none": (world) =>
    refusedStart(world, { TELEGRAM_BOT_TOKEN: `bot${CANARIES.token} ${CANARIES.secret}` }),
  "the token is refused": (world) => refusedStart(world, { TELEGRAM_BOT_TOKEN: `${CANARIES.token}x` }),
  "a credential cannot stand in a header": (world) =>
    refusedStart(world, { BITGET_API_SECRET: `${CANARIES.secret}\u00e9` }),
  "a credential stands where a number should": (world) => refusedStart(world, { BITGET_TIMEOUT_MS: CANARIES.secret }),
  "a credential stands in a URL": (world) =>
    refusedStart(world, { BITGET_BASE_URL: `https://user:${encodeURIComponent(CANARIES.secret)}@localhost` }),
  "Telegram cannot be reached": (world) => refusedStart(world, { TELEGRAM_API_ROOT: GONE }),
  "Bitget cannot be reached": (world) => refusedStart(world, { BITGET_BASE_URL: GONE }),
};

const PART = ["the exchange repeats the secrets", "Telegram fails"];

export async function secrets({ scale }: { seed: number; scale: "part" | "whole" }) {
  const failures: string[] = [];
  let searched = 0;
  let failed = 0;
  for (const [name, scenario] of Object.entries(SCENARIOS)) {
    if (scale === "part" && !PART.includes(name)) continue;
    const world = await openBotWorld();
    try {
      const sinks = await scenario(world);
      const found = hits(name, sinks);
      searched += Object.keys(sinks).length;
      failed += new Set(found.map((hit) => / in ([^,]+)/.exec(hit)?.[1])).size;
      failures.push(...found);
    } catch (error) {
      failures.push(`${name}: the run broke: ${error instanceof Error ? error.message : "unknown"}`);
    } finally {
      await world.close();
    }
  }
  const note = `outputs of faulty runs, each searched for ${SOUGHT.length} secrets in ${Object.keys(spellings("")).length} spellings`;
  return { method: "secrets", cases: searched, survived: searched - failed, failures, note };
}
