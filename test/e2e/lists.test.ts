/** The list of positions: what it shows, and the card that a tap on it leads to. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { asks, cardAfter, deedOf, verdictOn } from "../support/talk.ts";
import { openWorld } from "../support/world.ts";

const { ann, bob, exchange, telegram, start, sent, close } = await openWorld({ budgets: false });
const deps = telegram.group({ title: "Desk", members: [501, 502] });
beforeAll(() => start({ TELEGRAM_CHAT_IDS: `${deps.id}` }));
afterAll(close);

const LIST = /^Positions, nearest to liquidation first/;

it("shows each position on one line, the riskiest first, with everything it is judged by", async () => {
  const list = await asks(ann, "/positions", LIST);
  const lines = list.text.split("\n");
  expect(lines[1]).toMatch(
    /^ETH long · 1\.9 % away · margin 170\.88 USDT · liq\. \d+(\.\d+)? · PnL -?[\d.]+ USDT · auto-margin off$/,
  );
  expect(lines.find((line) => line.startsWith("BTC long"))).toMatch(
    / · margin 612\.5 USDT · liq\. [\d.]+ · PnL \+75 USDT/,
  );
  const away = lines.flatMap((line) => /([\d.]+) % away/.exec(line)?.[1] ?? []);
  expect(away).toEqual([...away].sort((a, b) => Number(a) - Number(b)));
  expect(away).toHaveLength(4);
  const read = list.entities.find(({ type }) => type === "date_time");
  expect(Math.abs((read?.unix_time ?? 0) * 1000 - Date.now())).toBeLessThan(60_000);
  expect(lines.at(-1)).toMatch(/^Read \d\d:\d\d:\d\d UTC$/);
});

it("shows a crossed position, says why it cannot be changed here, and has no button for it", async () => {
  const list = await asks(ann, "/positions", LIST);
  expect(list.text).toMatch(/^XRP long .* · cross margin$/m);
  expect(list.text).toMatch(/Cross margin cannot be changed here/);
  const buttons = list.buttons.flat().map(({ text }) => text);
  expect(buttons.map((text) => text.split(" · ")[0])).toEqual([
    "ETH long",
    "SOL long",
    "SOL short",
    "BTC long",
    "Read again",
  ]);
});

it("leads from a tap over a preset to Done, without typing", async () => {
  await asks(ann, "/positions", LIST);
  ann.presses(/^BTC long/);
  const question = await ann.chat.waitFor(/How much to add to BTC long/);
  ann.presses(/^\+61 USDT/, { message: question });
  const card = await cardAfter(ann, question);
  expect(deedOf(card).text).toBe("Add 61 USDT · BTC long");
  ann.presses("Add 61 USDT · BTC long");
  expect((await verdictOn(ann, card)).text).toMatch(/^Done/);
});

it("ends the question that was open when a position is tapped", async () => {
  const list = await asks(ann, "/positions", LIST);
  const older = await asks(ann, "/margin", /Which position/);
  ann.presses(/^SOL short/, { message: list });
  await ann.chat.waitFor(/How much to add to SOL short/, { after: older.id });
  expect((await ann.presses(/^BTC long/, { message: older }).answered).text).toMatch(/over/);
});

it("reads the figures again when asked to", async () => {
  const list = await asks(ann, "/positions", LIST);
  exchange.setPrice("BTCUSDT", "86000");
  ann.presses("Read again", { message: list });
  const again = await ann.chat.waitFor(({ id, text }) => id === list.id && text !== list.text);
  expect(again.text.split("\n")[1]).toMatch(/^BTC long/);
  exchange.setPrice("BTCUSDT", "100000");
});

it("works in a group for each who taps, by their own name", async () => {
  const [annHere, bobHere] = [ann.in(deps), bob.in(deps)];
  const list = await asks(annHere, "/positions", LIST);
  bobHere.presses(/^SOL long/, { message: list });
  const question = await deps.waitFor(/How much to add to SOL long/, { after: list.id });
  expect((await annHere.presses(/^\+/, { message: question }).answered).text).toMatch(/over/);
  bobHere.presses(/^\+/, { message: question });
  expect((await cardAfter(bobHere, question)).text).toMatch(/asked by Bob/);
});

it("says so when the position that is tapped is gone, and takes no forged data", async () => {
  const list = await asks(ann, "/positions", LIST);
  const before = sent().length;
  ann.pressesData(list, "p1:u:DOGEUSDT:USDT:l");
  await ann.chat.waitFor(/^Not done: nothing was changed\.\n.*position/, { after: list.id });
  ann.pressesData(list, "p1:u:XRPUSDT:USDT:l");
  await ann.chat.waitFor(/XRPUSDT long is in cross margin/, { after: list.id });
  for (const forged of ["p1:x:BTCUSDT:USDT:l", "p1:u:btcusdt:USDT:l", "p1:u:BTCUSDT:USDT", "p1:"]) {
    expect((await ann.pressesData(list, forged).answered).text, forged).toMatch(/over/);
  }
  expect(sent()).toHaveLength(before);
});
