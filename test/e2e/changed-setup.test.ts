/** A bot that is started again with another set-up: other people, groups, accounts, kinds of contract. */
import { expect, it } from "vitest";
import { asks, cardFor, closed, confirms, verdictOn } from "../support/talk.ts";
import { createWorld, SET_MARGIN } from "../support/world.ts";

const LOST = { kind: "reset" } as const;

it("does not take a position of contracts it no longer serves for one that is gone", async () => {
  const { ann, bob, exchange, start } = await createWorld({ budgets: false });
  const held = { symbol: "BTCUSD", total: "0.1", openPriceAvg: "99000", leverage: "10" };
  exchange.open({ ...held, holdSide: "long", marginSize: "0.02" });
  exchange.open({ ...held, holdSide: "short", marginSize: "0.03" });
  bob.says("/start");
  const first = await start({ BITGET_PRODUCT_TYPES: "USDT-FUTURES,COIN-FUTURES" });
  const card = await cardFor(ann, "/margin btcusd long 0.002 btc");
  const call = exchange.hold(SET_MARGIN);
  exchange.fail({ path: SET_MARGIN, how: LOST, when: "before" });
  confirms(ann, card);
  await call.reached;
  // Somebody adds the same amount to the other side meanwhile: a lone bill fits.
  exchange.setMarginOutside("BTCUSD", "short", "0.002");
  call.release();
  await verdictOn(ann, card, /^Not known yet/);
  await first.stop();
  await start({ BITGET_PRODUCT_TYPES: "USDT-FUTURES", SETTLE_WINDOW_S: "1" });
  const doubt = await ann.chat.waitFor(/needs a person/, { timeoutMs: 15_000 });
  expect(doubt.text).toMatch(/Margin before 0\.02 BTC, now 0\.02 BTC/);
  expect(ann.chat.messages().filter(({ text }) => /^Done/.test(text))).toEqual([]);
});

it("says of buttons of contracts it no longer serves that it does not, and not that there is no position", async () => {
  const { ann, exchange, start } = await createWorld({ budgets: false });
  exchange.open({
    symbol: "BTCUSD",
    holdSide: "long",
    marginSize: "0.02",
    total: "0.1",
    openPriceAvg: "99000",
    leverage: "10",
  });
  const first = await start({ BITGET_PRODUCT_TYPES: "USDT-FUTURES,COIN-FUTURES" });
  const list = await asks(ann, "/positions", /^Positions, nearest/);
  const card = await cardFor(ann, "/margin btcusd long 0.002 btc");
  confirms(ann, card);
  const verdict = await verdictOn(ann, card, /^Done/);
  const open = await cardFor(ann, "/margin btcusd long 0.001 btc");
  await first.stop();
  await start({ BITGET_PRODUCT_TYPES: "USDT-FUTURES" });
  expect((await ann.presses("Position", { message: verdict }).answered).text).toMatch(/does not work with/);
  expect((await confirms(ann, open).answered).text).toMatch(/does not work with/);
  const coin = list.buttons.flat().find(({ data }) => data?.includes("BTCUSD:"))?.data ?? "";
  ann.pressesData(list, coin);
  await ann.chat.waitFor(/The bot does not work with this account, or this kind of contract, now\./, {
    after: open.id,
  });
});

it("tells a verdict to the admins, and nothing to an asker who is no member any more", async () => {
  const { ann, bob, exchange, start } = await createWorld({ budgets: false });
  bob.says("/start");
  const first = await start();
  const card = await cardFor(ann, "/margin btc long 50");
  exchange.billDelay({ ms: 1_500 });
  exchange.fail({ path: SET_MARGIN, how: LOST, when: "after" });
  confirms(ann, card);
  const verdict = await verdictOn(ann, card, /^Not known yet/);
  await first.stop();
  await start({ TELEGRAM_ADMIN_IDS: "502", SETTLE_WINDOW_S: "60" });
  const told = await bob.chat.waitFor(/^For Ann, who could not be told:\nDone/, { timeoutMs: 20_000 });
  expect(told.text).toMatch(/Margin is now 662\.5 USDT/);
  expect(ann.chat.messages().filter(({ id, byBot }) => byBot && id > verdict.id)).toEqual([]);
});

it("tells a verdict to its asker in private, and nothing to a group that it no longer works in", async () => {
  const { ann, exchange, telegram, start } = await createWorld({ budgets: false });
  ann.says("/start");
  const deps = telegram.group({ title: "Desk", members: [501, 502] });
  const first = await start({ TELEGRAM_CHAT_IDS: String(deps.id) });
  const here = ann.in(deps);
  const card = await cardFor(here, "/margin btc long 50");
  exchange.billDelay({ ms: 1_500 });
  exchange.fail({ path: SET_MARGIN, how: LOST, when: "after" });
  confirms(here, card);
  const verdict = await verdictOn(here, card, /^Not known yet/);
  await first.stop();
  await start({ SETTLE_WINDOW_S: "60" });
  const told = await ann.chat.waitFor(/\nDone: added 50 USDT/, { timeoutMs: 20_000 });
  expect(told.text).toMatch(/^I could not say this where you asked, in chat -\d+: I do not work there now\./);
  expect(deps.messages().filter(({ id, byBot }) => byBot && id > verdict.id)).toEqual([]);
});

it.each([
  ["account", { BITGET_ACCOUNT: "second" }],
  ["mode", { BITGET_MODE: "demo" }],
])("neither confirms nor repeats anything of another %s", async (_, env) => {
  const { ann, exchange, start, sent, rows } = await createWorld({ budgets: false });
  const first = await start();
  const [doneCard, open] = [await cardFor(ann, "/margin sol short 4"), await cardFor(ann, "/margin eth long 3")];
  confirms(ann, doneCard);
  const done = await verdictOn(ann, doneCard, /^Done/);
  const refused = await asks(ann, "/margin btc long 999999", /^Not done/);
  expect(await first.stop("SIGTERM")).toBe(0);

  const bot = await start(env);
  const before = rows().length;
  expect((await confirms(ann, open).answered).text).toMatch(/does not work with/);
  for (const [message, button] of [
    [done, "Undo 4 USDT"],
    [done, "Add more"],
    [done, "Position"],
    [refused, /^Use /],
    [open, "Change amount"],
  ] as const) {
    expect((await ann.presses(button, { message }).answered).text, String(button)).toMatch(/does not work with/);
  }
  const none = await asks(ann, "/repeat", /./);
  expect(none.text).toMatch(/nothing to repeat/);
  expect(rows()).toHaveLength(before);
  expect(sent()).toHaveLength(1);
  const { http } = await bot.ready;
  expect((await fetch(`${http}/readyz`)).status).toBe(200);

  ann.presses("Cancel", { message: open });
  expect((await closed(ann, open)).text).toMatch(/Cancelled/);
  const card = await cardFor(ann, "/margin sol short 2");
  confirms(ann, card);
  await verdictOn(ann, card, /^Done/);
  expect(exchange.position("SOLUSDT", "short")?.marginSize).toBe("76");
  const again = await cardFor(ann, "/repeat");
  expect(again.text).toMatch(/^Add 2 USDT · SOL short/);
});
