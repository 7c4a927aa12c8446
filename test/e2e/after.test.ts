/** After the adjustment: the estimate beside what came of it, and the next steps as buttons. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { MessageView } from "../../src/playground/state/view.ts";
import { ANCHOR, asks, cardAfter, cardFor, confirms, deedOf, type Speaker, verdictOn } from "../support/talk.ts";
import { openWorld, SINGLE_POSITION } from "../support/world.ts";

const { ann, bob, exchange, telegram, start, sent, close } = await openWorld({ budgets: false });
const deps = telegram.group({ title: "Desk", members: [501, 502] });
let bot: Awaited<ReturnType<typeof start>>;
beforeAll(async () => {
  bot = await start({ TELEGRAM_CHAT_IDS: `${deps.id}` });
});
afterAll(close);

const labels = (message: MessageView) => message.buttons.map((row) => row.map(({ text }) => text));

async function done(speaker: Speaker, line: string): Promise<MessageView> {
  const card = await cardFor(speaker, line);
  confirms(speaker, card);
  return verdictOn(speaker, card, /^Done/);
}

it("shows the estimate beside the liquidation price that came out, in the chat, the log and a metric", async () => {
  const verdict = await done(ann, "/margin btc long 50");
  expect(verdict.text).toMatch(/Liquidation is now [\d.]+, [\d.]+ % away\.\nThe estimate was [\d.]+, (right|off by)/);
  expect(verdict.text).toMatch(ANCHOR);
  const [, found = "", estimated = ""] = /now ([\d.]+), .*\n.* was ([\d.]+),/.exec(verdict.text) ?? [];
  expect(Math.abs(Number(found) - Number(estimated))).toBeLessThan(1);
  expect(await bot.logged("estimate")).toMatchObject({ symbol: "BTCUSDT", holdSide: "long", direction: "add" });
  const { http } = await bot.ready;
  const metrics = await (await fetch(`${http}/metrics`)).text();
  expect(metrics).toMatch(/margin_bot_estimate_error_ratio_count 1\b/);
});

it("undoes by a new card with the reverse adjustment, which is confirmed like any other", async () => {
  const before = exchange.position("SOLUSDT", "long")?.marginSize;
  const verdict = await done(ann, "/margin sol long 20");
  expect(labels(verdict)).toEqual([["Undo 20 USDT"], ["Add more", "Position"]]);
  const calls = sent().length;
  ann.presses("Undo 20 USDT", { message: verdict });
  const card = await cardAfter(ann, verdict);
  expect(deedOf(card).text).toBe("Remove 20 USDT · SOL long");
  expect(card.replyTo).toBe(verdict.id);
  expect(sent()).toHaveLength(calls);
  confirms(ann, card);
  const undone = await verdictOn(ann, card, /^Done: removed/);
  expect(labels(undone)).toEqual([["Undo 20 USDT"], ["Remove more", "Position"]]);
  ann.presses("Remove more", { message: undone });
  await ann.chat.waitFor(/How much to remove from SOL long/, { after: undone.id });
  expect(exchange.position("SOLUSDT", "long")?.marginSize).toBe(before);
});

it("undoes an adjustment once, and says so when it is asked for again", async () => {
  const margin = () => exchange.position("SOLUSDT", "long")?.marginSize;
  const before = margin();
  const verdict = await done(ann, "/margin sol long 9");
  ann.presses("Undo 9 USDT", { message: verdict });
  const card = await cardAfter(ann, verdict);
  expect(card.text).toMatch(/^Undoes an earlier adjustment$/m);
  confirms(ann, card);
  await verdictOn(ann, card, /^Done: removed/);
  expect(margin()).toBe(before);
  const [rows, calls] = [deps.messages().length, sent().length];
  expect((await ann.presses("Undo 9 USDT", { message: verdict }).answered).text).toMatch(/^That was undone already/);
  expect([deps.messages().length, sent().length]).toEqual([rows, calls]);
  expect(margin()).toBe(before);
});

it("does not forget what a card undoes when it is shown again with the figures of now", async () => {
  const verdict = await done(ann, "/margin sol long 8");
  ann.presses("Undo 8 USDT", { message: verdict });
  const card = await cardAfter(ann, verdict);
  exchange.setMarginOutside("SOLUSDT", "long", "1");
  confirms(ann, card);
  const stopped = await verdictOn(ann, card, /^Not done/);
  const again = await cardAfter(ann, stopped);
  const end = exchange.fail({ path: SINGLE_POSITION, how: { kind: "status", status: 503 }, times: 10 });
  confirms(ann, again);
  const unread = await verdictOn(ann, again, /^Not done/);
  end();
  ann.presses("Propose 8 USDT again", { message: unread });
  const third = await cardAfter(ann, unread);
  confirms(ann, third);
  await verdictOn(ann, third, /^Done: removed/);
  expect((await ann.presses("Undo 8 USDT", { message: verdict }).answered).text).toMatch(/^That was undone already/);
});

it("undoes nothing that was not done", async () => {
  const card = await cardFor(ann, "/margin sol long 11");
  const [, id = ""] = /^m1:c:(\w+):/.exec(deedOf(card).data) ?? [];
  expect((await ann.pressesData(card, `v1:u:${id}`).answered).text).toMatch(/nothing to undo/);
  ann.says("/cancel");
});

it("adds more from the verdict, and says how much the position was fed so far", async () => {
  const first = await done(ann, "/margin sol short 7");
  expect(first.text).not.toMatch(/addition/);
  ann.presses("Add more", { message: first });
  const question = await ann.chat.waitFor(/How much to add to SOL short/, { after: first.id });
  ann.says("14");
  const card = await cardAfter(ann, question);
  confirms(ann, card);
  expect((await verdictOn(ann, card)).text).toMatch(
    /^2nd addition through this bot: 21 USDT in all, 30 % of the first margin seen\.$/m,
  );
});

it("does not count as fed what was undone, and counts what was added again", async () => {
  const first = await done(ann, "/margin sol short 3");
  expect(first.text).toMatch(/^3rd addition through this bot: 24 USDT in all/m);
  ann.presses("Undo 3 USDT", { message: first });
  const undo = await cardAfter(ann, first);
  confirms(ann, undo);
  const undone = await verdictOn(ann, undo, /^Done: removed/);
  expect((await done(ann, "/margin sol short 5")).text).toMatch(/^3rd addition through this bot: 26 USDT in all/m);
  ann.presses("Undo 3 USDT", { message: undone });
  const redo = await cardAfter(ann, undone);
  confirms(ann, redo);
  expect((await verdictOn(ann, redo, /^Done: added/)).text).toMatch(/^4th addition through this bot: 29 USDT in all/m);
});

it("shows the position with its button", async () => {
  const verdict = await done(ann, "/margin eth long 5");
  ann.presses("Position", { message: verdict });
  const shown = await ann.chat.waitFor(/^ETH long · .* · margin 175\.88 USDT/, { after: verdict.id });
  expect(shown.text).toMatch(/\nRead \d\d:\d\d:\d\d UTC$/);
  ann.presses(/^ETH long/, { message: shown });
  await ann.chat.waitFor(/How much to add to ETH long/, { after: shown.id });
  // Without the addition it would be nearer to liquidation than a removal may leave it.
  expect(labels(verdict)).toEqual([["Add more", "Position"]]);
});

it("offers the free balance where more was asked for, before a card and after one", async () => {
  const refused = await asks(ann, "/margin btc long 999999", /^Not done/);
  expect(labels(refused)).toEqual([["Use 1000 USDT"]]);
  ann.presses("Use 1000 USDT", { message: refused });
  const big = await cardAfter(ann, refused);
  expect(deedOf(big).text).toBe("Add 1000 USDT · BTC long");
  const other = await cardFor(bob, "/margin sol long 900");
  confirms(bob, other);
  await verdictOn(bob, other, /^Done/);
  const calls = sent().length;
  confirms(ann, big);
  const verdict = await verdictOn(ann, big, /^Not done/);
  expect(sent()).toHaveLength(calls);
  const [use = ""] = labels(verdict).flat();
  expect(use).toMatch(/^Use [\d.]+ USDT$/);
  expect(verdict.text).toContain(`The free balance is ${use.replace("Use ", "")}`);
  ann.presses(use, { message: verdict });
  expect(deedOf(await cardAfter(ann, verdict)).text).toBe(`${use.replace("Use", "Add")} · BTC long`);
});

it("offers what can be removed where more was asked for, and leaves one per cent of that estimate", async () => {
  const refused = await asks(ann, "/margin btc long -600", /^Not done/);
  const question = await ann.chat.waitFor(/How much to remove/, { after: refused.id });
  const [, removable = ""] = /about ([\d.]+) USDT can go/.exec(question.text) ?? [];
  const [, offered = ""] = /^Use ([\d.]+) USDT$/.exec(labels(refused).flat()[0] ?? "") ?? [];
  expect(Number(offered) / Number(removable)).toBeCloseTo(0.99, 4);
  const [use = ""] = labels(refused).flat();
  expect(use).toMatch(/^Use [\d.]+ USDT$/);
  ann.presses(use, { message: refused });
  expect(deedOf(await cardAfter(ann, refused)).text).toBe(`${use.replace("Use", "Remove")} · BTC long`);
});

it("lets only the one who asked press, and nothing forged", async () => {
  const [annHere, bobHere] = [ann.in(deps), bob.in(deps)];
  const verdict = await done(annHere, "/margin sol long 6");
  const last = () => deps.messages().at(-1)?.id;
  const before = last();
  for (const text of ["Undo 6 USDT", "Add more", "Position"]) {
    expect((await bobHere.presses(text, { message: verdict }).answered).text).toMatch(/Only Ann/);
  }
  expect(last()).toBe(before);
  const [undo = ""] = verdict.buttons.flat().map(({ data }) => data ?? "");
  expect((await ann.pressesData(ann.chat.messages()[0]?.id ?? 1, undo).answered).text).toMatch(/not valid here/);
  for (const forged of ["v1:u:abcdefghjk", "v1:z:abcdefghjk", `${undo}:-5`, `${undo}:1e9`, "v1:u:"]) {
    expect((await annHere.pressesData(verdict, forged).answered).text, forged).toMatch(/not valid|over/);
  }
  expect(last()).toBe(before);
});

it("undoes an adjustment once, however two presses of its button cross", async () => {
  const verdict = await done(ann, "/margin sol long 9");
  const before = sent().length;
  ann.presses("Undo 9 USDT", { message: verdict });
  const first = await cardAfter(ann, verdict);
  expect(labels(first)).toEqual([["Remove 9 USDT · SOL long"], ["Cancel"]]);
  const readPosition = exchange.hold(SINGLE_POSITION);
  ann.presses("Undo 9 USDT", { message: verdict });
  await readPosition.reached;
  confirms(ann, first);
  await verdictOn(ann, first, /^Done/);
  readPosition.release();
  const refused = await ann.chat.waitFor(/undone already/, { after: first.id });
  expect(refused.text).toMatch(/^Not done/);
  expect(sent()).toHaveLength(before + 1);
});

it("does not undo what went with a position that was closed since", async () => {
  const verdict = await done(ann, "/margin sol short 8");
  exchange.closePosition("SOLUSDT", "short");
  exchange.open({
    symbol: "SOLUSDT",
    holdSide: "short",
    marginSize: "400",
    total: "6",
    openPriceAvg: "182",
    leverage: "20",
  });
  ann.presses("Undo 8 USDT", { message: verdict });
  expect((await ann.chat.waitFor(/^Not done/, { after: verdict.id })).text).toMatch(/There is nothing to undo/);
});

it("ends nobody's open question by a press that leads nowhere, or that only shows a position", async () => {
  const [annHere, bobHere] = [ann.in(deps), bob.in(deps)];
  const verdict = await done(annHere, "/margin btc long 3");
  const question = await asks(bobHere, "/margin btc long", /How much to add/);
  expect((await bobHere.presses("Undo 3 USDT", { message: verdict }).answered).text).toMatch(/Only Ann/);
  const card = await cardAfter(bobHere, bobHere.says("20", { replyTo: question }));
  expect(deedOf(card).text).toBe("Add 20 USDT · BTC long");
  const own = await asks(annHere, "/margin btc long", /How much to add/);
  annHere.presses("Position", { message: verdict });
  await deps.waitFor(/^BTC long · /, { after: own.id });
  expect(deedOf(await cardAfter(annHere, annHere.says("21", { replyTo: own }))).text).toBe("Add 21 USDT · BTC long");
});
