/**
 * What only a real demo account can tell: moves one coin into a small isolated demo position and out again, provokes each
 * refusal once, reads the bills, and prints what Bitget did as Markdown. `npm run calibrate -- --symbol BTCUSDT --side long`
 */
import { parseArgs } from "node:util";
import { type Clean, createClean } from "../src/bitget/http/clean.ts";
import { createClient, type HttpResult } from "../src/bitget/http/client.ts";
import { createMeasure } from "../src/bitget/http/clock.ts";
import { queryText, type Request } from "../src/bitget/http/sign.ts";
import { createSignedCall } from "../src/bitget/http/signed-call.ts";
import { createClock } from "../src/clock.ts";
import { type Amount, add, compare, decimal, negate, readDecimal, subtract } from "../src/margin/model/decimal.ts";
import { createRedact } from "../src/redact.ts";

const EXIT = { good: 0, failed: 1, usage: 64, configuration: 78 } as const;
const OFFICIAL = "https://api.bitget.com";
const LOOPBACK = /^http:\/\/(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/;
const PATH = {
  setMargin: "/api/v2/mix/account/set-margin",
  position: "/api/v2/mix/position/single-position",
  account: "/api/v2/mix/account/account",
  bills: "/api/v2/mix/account/bill",
} as const;
const ANSWER_MAX = 1024 * 1024;
const SUCCESS = "00000";
const ONE = decimal<"margin coin">("1");
/** Between two calls, in ms: well under every limit. */
const PAUSE_MS = 250;
/** How long a change is looked for in position and bills, in ms. */
const PATIENCE_MS = 60_000;
/** More than this in the position or on the account is no demo position to try things with. */
const MARGIN_MAX = decimal<"margin coin">("5000");

const HELP = `usage: npm run calibrate -- --symbol BTCUSDT --side long [--product USDT-FUTURES] [--coin USDT] [--yes]
Wants a key of Bitget's demo trading (BITGET_MODE=demo, BITGET_API_KEY, BITGET_API_SECRET, BITGET_API_PASSPHRASE) and a
small isolated demo position. Without --yes it says what it would do, and moves nothing.
`;

const PLAN = `This would, on the demo account: add 1 coin of margin to the position and take it out again, add and take out
amounts of 1 with 4, 5 and 8 decimals, and send requests that Bitget should refuse (nothing, more than there is, more
than can be taken out, a wrong side, a wrong symbol). Nothing was sent. Add --yes to do it.
`;

class Refused extends Error {
  readonly exitCode: number;
  constructor(exitCode: number, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}

interface Setting {
  readonly baseUrl: string;
  readonly credentials: { readonly key: string; readonly secret: string; readonly passphrase: string };
  readonly symbol: string;
  readonly side: "long" | "short";
  readonly productType: string;
  readonly marginCoin: string;
  readonly yes: boolean;
}

function required(name: string): string {
  const value = process.env[name]?.trim() ?? "";
  if (value === "") throw new Refused(EXIT.configuration, `${name} is required: a key of Bitget's demo trading`);
  return value;
}

/** Demo and nothing else: a live key never gets as far as a request. */
function settingOf(args: readonly string[]): Setting {
  const text = { type: "string" } as const;
  const options = { symbol: text, side: text, product: text, coin: text, yes: { type: "boolean" } } as const;
  const { values } = parseArgs({ args: [...args], options });
  const { symbol = "", side, product: productType = "USDT-FUTURES", coin: marginCoin = "USDT", yes = false } = values;
  if (process.env["BITGET_MODE"]?.trim() !== "demo") {
    throw new Refused(EXIT.configuration, "BITGET_MODE must be demo: this never runs with live money");
  }
  const baseUrl = (process.env["BITGET_BASE_URL"]?.trim() || OFFICIAL).replace(/\/+$/, "");
  if (baseUrl !== OFFICIAL && !LOOPBACK.test(baseUrl)) {
    throw new Refused(EXIT.configuration, `BITGET_BASE_URL must be ${OFFICIAL}, or http on the loopback`);
  }
  if (!/^[A-Z0-9]{1,30}$/.test(symbol) || (side !== "long" && side !== "short")) throw new Refused(EXIT.usage, HELP);
  if (!/^(?:USDT|USDC|COIN)-FUTURES$/.test(productType) || !/^[A-Z]{2,10}$/.test(marginCoin)) {
    throw new Refused(EXIT.usage, HELP);
  }
  const credentials = {
    key: required("BITGET_API_KEY"),
    secret: required("BITGET_API_SECRET"),
    passphrase: required("BITGET_API_PASSPHRASE"),
  };
  return { baseUrl, credentials, symbol, side, productType, marginCoin, yes };
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

interface Bill {
  readonly billId: string;
  readonly businessType: string;
  readonly amount: string;
  readonly balance: string;
  readonly cTime: string;
  readonly symbol: string;
}

interface Facts {
  readonly margin: Amount;
  readonly marginMode: string;
  readonly posMode: string;
  readonly available: Amount;
  readonly balances: string;
}

type Answered = HttpResult & { readonly ms: number; readonly clean: Clean };

function createAccount(setting: Setting) {
  const { baseUrl, credentials, symbol, productType, marginCoin, side } = setting;
  const redact = createRedact(Object.values(credentials));
  const client = createClient({ baseUrl, timeoutMs: 10_000 });
  const clock = createClock();
  const measure = createMeasure({ client, clock, clean: createClean(redact) });
  const signed = createSignedCall({ client, clock, credentials, demo: true, redact });

  async function call(request: Request): Promise<Answered> {
    await pause(PAUSE_MS);
    const startedAt = performance.now();
    const { result, clean } = await signed(request, ANSWER_MAX);
    return { ...result, clean, ms: Math.round(performance.now() - startedAt) };
  }

  async function read(path: string, values: Readonly<Record<string, string>>): Promise<unknown> {
    const result = await call({ method: "GET", path, query: queryText(values), body: "" });
    if (result.kind === "answer" && result.code === SUCCESS) return result.data;
    throw new Refused(EXIT.failed, `${path} could not be read: ${said(result)}`);
  }

  /** The answer in words; of Bitget's own text nothing of the credentials. */
  function said(result: Answered): string {
    if (result.kind === "silence") return `no answer (${result.fault}, HTTP ${result.httpStatus ?? "none"})`;
    return `HTTP ${result.httpStatus}, code ${result.code}, “${result.clean(result.msg).replaceAll("|", "/")}”`;
  }

  async function facts(): Promise<Facts> {
    const rows = (await read(PATH.position, { productType, symbol, marginCoin })) as Record<string, string>[];
    const row = rows.find(({ holdSide }) => holdSide === side);
    if (row === undefined)
      throw new Refused(EXIT.failed, `there is no ${side} position on ${symbol}: open a small one`);
    const account = (await read(PATH.account, { productType, symbol, marginCoin })) as Record<string, string>;
    const names = ["available", "isolatedMaxAvailable", "crossedMaxAvailable", "maxTransferOut"];
    return {
      margin: decimal(String(row["marginSize"])),
      marginMode: String(row["marginMode"]),
      posMode: String(row["posMode"]),
      available: decimal(String(account["available"])),
      balances: names.map((name) => `${name} ${account[name]}`).join(", "),
    };
  }

  async function bills(since: number): Promise<Bill[]> {
    const values = { productType, startTime: `${since}`, limit: "100", onlyFunding: "no" };
    const { bills } = (await read(PATH.bills, values)) as { bills: Bill[] | null };
    return (bills ?? []).filter((bill) => bill.symbol.toUpperCase() === symbol);
  }

  function move(amount: string, changes: Readonly<Record<string, string>> = {}): Promise<Answered> {
    const body = JSON.stringify({ symbol, productType, marginCoin, holdSide: side, amount, ...changes });
    return call({ method: "POST", path: PATH.setMargin, query: "", body });
  }

  return { start: measure, serverNow: clock.exchangeNow, facts, bills, move, said };
}

type Account = ReturnType<typeof createAccount>;
type Row = readonly [question: string, answer: string];

/** Margin goes by this much; gives how long position and bills took to show it. */
async function observed(account: Account, amount: Amount): Promise<{ rows: Row[]; moved: boolean }> {
  const what = compare(amount, decimal("0")) > 0 ? "adding" : "removing";
  const before = await account.facts();
  const since = account.serverNow() - 2_000;
  const known = new Set((await account.bills(since)).map(({ billId }) => billId));
  const result = await account.move(amount);
  const answeredAt = account.serverNow();
  const rows: Row[] = [[`${what} ${amount}`, `${account.said(result)}, after ${result.ms} ms`]];
  if (result.kind !== "answer" || result.code !== SUCCESS) return { rows, moved: false };
  const wanted = add(before.margin, amount);
  let lag: number | undefined;
  let bill: { bill: Bill; seenAt: number } | undefined;
  while ((lag === undefined || bill === undefined) && account.serverNow() < answeredAt + PATIENCE_MS) {
    if (lag === undefined && compare((await account.facts()).margin, wanted) === 0)
      lag = account.serverNow() - answeredAt;
    const found = (await account.bills(since)).find(({ billId }) => !known.has(billId));
    if (bill === undefined && found !== undefined) bill = { bill: found, seenAt: account.serverNow() };
  }
  rows.push([`${what}: the position shows it`, lag === undefined ? "not within a minute" : `at most ${lag} ms later`]);
  rows.push([`${what}: its bill`, bill === undefined ? "none within a minute" : billText(bill.bill, before)]);
  if (bill !== undefined) {
    const written = Number(bill.bill.cTime) - answeredAt;
    rows.push([
      `${what}: bill written`,
      `${written} ms after the answer; seen at most ${bill.seenAt - answeredAt} ms after it`,
    ]);
  }
  return { rows, moved: true };
}

function billText({ businessType, amount, balance }: Bill, before: Facts): string {
  return `${businessType}, amount ${amount}, balance ${balance} (free before: ${before.available})`;
}

/** Which decimals are taken: whatever was added is taken out again. */
async function decimals(account: Account): Promise<Row[]> {
  const rows: Row[] = [];
  for (const amount of ["1.0001", "1.00001", "1.00000001"]) {
    const result = await account.move(amount);
    rows.push([`${amount.split(".")[1]?.length} decimals`, account.said(result)]);
    if (result.kind !== "answer" || result.code !== SUCCESS) continue;
    rows.push([`${amount} taken out again`, account.said(await account.move(`-${amount}`))]);
  }
  return rows;
}

/** Each no once. Where Bitget says yes against all expectation, it is undone. */
async function refusals(account: Account, setting: Setting): Promise<Row[]> {
  const { margin, available } = await account.facts();
  const other = setting.side === "long" ? "short" : "long";
  const expressions: readonly (readonly [string, string, Readonly<Record<string, string>>?])[] = [
    ["zero", "0"],
    ["no number", "one"],
    ["adding more than is free", add(available, ONE)],
    ["removing the whole margin", negate(margin)],
    ["removing more than the margin", negate(add(margin, ONE))],
    ["the other side, perhaps without a position", "1", { holdSide: other }],
    ["no side", "1", { holdSide: "" }],
    ["a side that is none", "1", { holdSide: "both" }],
    ["a symbol that is none", "1", { symbol: "NOSUCHUSDT" }],
    ["another margin coin", "1", { marginCoin: "USDC" === setting.marginCoin ? "USDT" : "USDC" }],
  ];
  const rows: Row[] = [];
  for (const [what, amount, changes] of expressions) {
    const result = await account.move(amount, changes);
    rows.push([what, account.said(result)]);
    if (result.kind !== "answer" || result.code !== SUCCESS) continue;
    const back = readDecimal<"margin coin">(amount);
    const undone = back === undefined ? undefined : await account.move(negate(back), changes);
    rows.push([`${what}: taken back`, undone === undefined ? "impossible: look yourself" : account.said(undone)]);
  }
  return rows;
}

function table(title: string, rows: readonly Row[]): string {
  const lines = rows.map(([question, answer]) => `| ${question} | ${answer} |`);
  return [`\n## ${title}\n`, "| question | what Bitget did |", "|---|---|", ...lines, ""].join("\n");
}

async function calibrate(setting: Setting): Promise<void> {
  const say = (text: string) => void process.stdout.write(`${text}\n`);
  const account = createAccount(setting);
  const clock = await account.start();
  if (!clock.ok) throw new Refused(EXIT.failed, "Bitget's clock could not be read");
  const before = await account.facts();
  if (before.marginMode !== "isolated") throw new Refused(EXIT.failed, "the position is not isolated");
  if (compare(before.margin, MARGIN_MAX) > 0)
    throw new Refused(EXIT.failed, "the position is too large to try things with");
  if (!setting.yes) {
    say(PLAN);
    return;
  }
  say(`# Calibration of set-margin on Bitget's demo trading\n`);
  say(
    `${new Date().toISOString()}, ${setting.symbol} ${setting.side}, ${before.posMode}, clock ${clock.value.aheadMs} ms ahead`,
  );
  say(`\nMargin ${before.margin}; ${before.balances}`);
  const added = await observed(account, ONE);
  say(table("One coin in", added.rows));
  if (!added.moved) throw new Refused(EXIT.failed, "set-margin does not work with this key: nothing else was tried");
  say(table("Which balance bounds an addition", [["after one coin was added", (await account.facts()).balances]]));
  say(table("One coin out", (await observed(account, negate(ONE))).rows));
  say(table("Decimals", await decimals(account)));
  say(table("Refusals", await refusals(account, setting)));
  const after = await account.facts();
  say(
    `\nMargin ${after.margin}, which is ${subtract(after.margin, before.margin)} other than before; ${after.balances}`,
  );
  say("\nNot provoked: HTTP 429 and its body.");
}

try {
  await calibrate(settingOf(process.argv.slice(2)));
  process.exitCode = EXIT.good;
} catch (error) {
  // Only our own sentences: other errors can carry the request with its key.
  const isUsage = error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
  process.stderr.write(
    error instanceof Refused ? `${error.message}\n` : isUsage ? HELP : "it broke, for no reason of Bitget's\n",
  );
  process.exitCode = error instanceof Refused ? error.exitCode : isUsage ? EXIT.usage : EXIT.failed;
}
