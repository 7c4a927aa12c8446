/** An account with one odd thing in it, as a person meets it: all else works, and what could not be read is named. */
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { OddRow } from "../support/odd.ts";
import type { Running } from "../support/process.ts";
import { asks, cardAfter, cardFor, confirms, verdictOn } from "../support/talk.ts";
import { openWorld, SET_MARGIN, SINGLE_POSITION } from "../support/world.ts";

const ALL = "/api/v2/mix/position/all-position";
const BALANCE = "/api/v2/mix/account/account";
const { ann, exchange, start, sent, close } = await openWorld({ budgets: false });
let bot: Running;
let ends: (() => void)[] = [];

beforeAll(async () => {
  // In no list from the start, as lists are kept for an hour.
  exchange.fail({ path: "/api/v2/mix/market/contracts", how: { kind: "edit", edit: withoutAda }, times: 1_000_000 });
  bot = await start({ BITGET_PRODUCT_TYPES: "USDT-FUTURES,USDC-FUTURES" });
});
afterEach(() => {
  for (const end of ends) end();
  ends = [];
});
afterAll(close);

function withoutAda({ data, ...rest }: { data: unknown }) {
  return { ...rest, data: (data as readonly OddRow[]).filter(({ symbol }) => symbol !== "ADAUSDT") };
}

/** Until the end of the test, the rows of a path are others. */
function rowsOf(path: string, edit: (rows: readonly OddRow[]) => readonly unknown[]): void {
  const change = ({ data, ...rest }: { data: unknown }) => ({ ...rest, data: edit(data as readonly OddRow[]) });
  const how = { kind: "edit", edit: (envelope: unknown) => change(envelope as { data: unknown }) } as const;
  ends.push(exchange.fail({ path, how, times: 1_000_000 }));
}

/** What one position says of itself is changed. */
function rowOf(path: string, symbol: string, holdSide: string, changes: OddRow): void {
  rowsOf(path, (rows) =>
    rows.map((row) => (row["symbol"] === symbol && row["holdSide"] === holdSide ? { ...row, ...changes } : row)),
  );
}

const warned = (event: string) => bot.lines.filter((line) => line["event"] === event && line["level"] === "warn");

it("margin is added although the other side is an empty row", async () => {
  const empty = {
    symbol: "BTCUSDT",
    marginCoin: "USDT",
    holdSide: "short",
    total: "0",
    marginSize: null,
    leverage: "",
  };
  for (const path of [SINGLE_POSITION, ALL]) {
    rowsOf(path, (rows) => (path === ALL || rows[0]?.["symbol"] === "BTCUSDT" ? [empty, ...rows] : rows));
  }
  const card = await cardFor(ann, "/margin btc 5");
  confirms(ann, card);
  expect((await verdictOn(ann, card)).text).toMatch(/^Done: added 5 USDT to BTC long\./);
});

it("figures of one position that are odd hide neither it nor others, and are not known", async () => {
  const odd = { leverage: "", unrealizedPL: null, markPrice: "1.2E-7", liquidationPrice: null, autoMargin: undefined };
  rowOf(ALL, "SOLUSDT", "long", odd);
  const { text } = await asks(ann, "/positions", /^Positions/);
  expect(text).toMatch(
    /^SOL long · distance not known · margin 110 USDT · liq\. not known · PnL not known · auto-margin not known$/m,
  );
  for (const name of ["ETH long", "SOL short", "BTC long", "XRP long"]) expect(text).toContain(name);
  expect(warned("bitget_odd").at(-1)).toMatchObject({ path: ALL, fields: expect.stringMatching(/^\[\d\]\.leverage /) });
});

it("a position that cannot be read is named, in the list, when it is meant, and when it may be", async () => {
  for (const path of [ALL, SINGLE_POSITION]) rowOf(path, "SOLUSDT", "short", { marginMode: "fixed" });
  const list = await asks(ann, "/positions", /^Positions/);
  expect(list.text).toMatch(/^SOLUSDT short could not be read: a figure in Bitget's answer is missing or odd\./m);
  expect(list.text).toMatch(/^SOL long /m);
  expect(warned("bitget_odd").at(-1)).toMatchObject({
    path: ALL,
    fields: expect.stringMatching(/^\[\d\]\.marginMode$/),
  });
  expect((await asks(ann, "/margin", /Which position/)).text).toMatch(/^SOLUSDT short could not be read/m);
  await asks(ann, "/cancel", /^Cancelled/);
  await asks(ann, "/margin sol short 5", /^Not done: nothing was changed\.\nSOLUSDT short could not be read/);
  // Without a side, nobody can say that the long one is meant.
  const question = await asks(
    ann,
    "/margin sol 5",
    /^Which position.*\n.*\nSOLUSDT short could|^Which position.*\nSOLUSDT short could/,
  );
  ann.presses(/^SOL long/, { message: question });
  await cardAfter(ann, question);
  expect((await cardFor(ann, "/margin sol long 6")).text).toMatch(/^Add 6 USDT · SOL long/);
});

it("one product line that is refused hides no other, and Bitget's code and words reach chat and log", async () => {
  const refuse = ({ data, ...rest }: { data: unknown }) =>
    (data as readonly unknown[]).length > 0
      ? { ...rest, data }
      : { ...rest, code: "45117", msg: "No such <b>line</b>", data: null };
  ends.push(
    exchange.fail({
      path: ALL,
      how: { kind: "edit", edit: (envelope) => refuse(envelope) },
      times: 1_000_000,
    }),
  );
  const { text } = await asks(ann, "/positions", /^Positions/);
  expect(text).toContain('USDC-FUTURES could not be read: Bitget answered 45117: "No such <b>line</b>".');
  expect(text).toMatch(/^BTC long /m);
  expect(warned("bitget_unread").at(-1)).toMatchObject({ path: ALL, code: "45117", message: "No such <b>line</b>" });
});

it("margin is added with nothing known but position and margin, and not removed, as that needs more", async () => {
  rowOf(SINGLE_POSITION, "ETHUSDT", "long", { markPrice: "", liquidationPrice: null, leverage: {}, openPriceAvg: "" });
  ends.push(exchange.fail({ path: BALANCE, how: { kind: "status", status: 403 }, times: 1_000_000 }));
  const card = await cardFor(ann, "/margin eth long 5");
  expect(card.text).toMatch(/\nLiquidation not known\nAfterwards: not estimated\n/);
  expect(card.text).toMatch(/\nFree not known\nMark not known, read /);
  confirms(ann, card);
  expect((await verdictOn(ann, card)).text).toMatch(
    /^Done: .*\nMargin is now 175\.88 USDT\.\nThe liquidation price could/,
  );
  const before = sent().length;
  const no = await asks(ann, "/margin eth long -5", /^Not done/);
  expect(no.text).toMatch(
    /\nNot known: leverage, entry price, mark price, liquidation price\. Without that nothing can/,
  );
  expect(sent()).toHaveLength(before);
  expect(warned("bitget_unread").at(-1)).toMatchObject({ path: BALANCE, httpStatus: 403 });
});

it.each([
  [{ kind: "status", status: 403, body: "<html>Forbidden</html>" }, /could not be read: HTTP 403\. Please tell/],
  [{ kind: "code", code: "45117", msg: "odd" }, /could not be read: Bitget answered 45117: "odd"\. Please tell/],
  [
    { kind: "code", code: "40015", msg: "later", status: 500 },
    /Bitget answered 40015: "later"\. Try again in a moment/,
  ],
  [{ kind: "code", code: "40014", msg: "needs read" }, /lacks the right.*\(Bitget 40014: needs read\)/],
] as const)("a read that failed says what came back: %j", async (how, words) => {
  ends.push(exchange.fail({ path: ALL, how, times: 10 }));
  expect((await asks(ann, "/positions", /could not be read/)).text).toMatch(words);
});

it.each([
  [{ kind: "code", code: "45117", msg: "Position   exists" }, '\nBitget answered 45117: "Position   exists".\n'],
  [{ kind: "status", status: 403, body: "<html>Forbidden</html>" }, "\nHTTP 403, and no answer that can be read.\n"],
] as const)(
  "a set-margin that is not known says what came back, in the chat and in the log: %j",
  async (how, words) => {
    const [symbol, name] = how.kind === "code" ? ["SOLUSDT", "sol"] : ["BTCUSDT", "btc"];
    const card = await cardFor(ann, `/margin ${name} long 5`);
    ends.push(exchange.fail({ path: SET_MARGIN, how }));
    confirms(ann, card);
    const { text } = await verdictOn(ann, card);
    expect(text).toMatch(/^Not known yet: Bitget's answer does not say what was done\./);
    expect(text).toContain(words);
    expect(text).toContain(`${symbol} is locked`);
    const seen = how.kind === "code" ? { code: "45117", message: how.msg } : { httpStatus: 403 };
    expect(warned("bitget_not_done").at(-1)).toMatchObject({ outcome: "unknown", ...seen });
  },
);

it.each([
  { symbol: "龙虾USDT", typed: "龙虾USDT", name: "龙虾", price: "0.05", total: "10000" },
  { symbol: "ETHUSDT_CM", typed: "ethusdt_cm", name: "ETH", price: "3520", total: "0.1" },
  { symbol: "ADAUSDT", typed: "adausdt", name: "ADAUSDT", price: "0.85", total: "500" },
])("a position on $symbol is listed, tapped, typed and adjusted", async ({ symbol, typed, name, ...seed }) => {
  exchange.open({ symbol, holdSide: "short", marginSize: "60", openPriceAvg: seed.price, leverage: "10", ...seed });
  const list = await asks(ann, "/positions", new RegExp(`^${name} short · `, "m"));
  const tap = list.buttons.flat().find(({ data }) => data?.includes(`:${symbol}:`));
  ann.pressesData(list, tap?.data ?? "");
  await ann.chat.waitFor(new RegExp(`How much to add to ${name} short`), { after: list.id });
  await asks(ann, "/cancel", /^Cancelled/);
  const card = await cardFor(ann, `/margin ${typed} short 5`);
  expect(card.text).toMatch(new RegExp(`^Add 5 USDT · ${name} short\n${symbol} · asked by Ann`));
  confirms(ann, card);
  expect((await verdictOn(ann, card)).text).toMatch(
    new RegExp(`^Done: added 5 USDT to ${name} short\\.\nMargin is now 65 `),
  );
  expect(JSON.parse(sent().at(-1) ?? "")).toMatchObject({ symbol, amount: "5" });
  exchange.closePosition(symbol, "short");
});
