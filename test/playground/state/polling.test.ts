import { expect, it } from "vitest";
import { call, playground, token, updates } from "../client.ts";

const ids = (list: { update_id: number }[]) => list.map((update) => update.update_id);

it("keeps an update until an offset after it confirms it", async () => {
  const tg = await playground();
  const ann = tg.user();
  ann.says("one");
  ann.says("two");
  const first = await updates(tg);
  expect(ids(await updates(tg))).toEqual(ids(first));
  expect(ids(await updates(tg, { offset: first[1].update_id }))).toEqual([first[1].update_id]);
  expect(await updates(tg, { offset: first[1].update_id + 1 })).toEqual([]);
  expect(await updates(tg)).toEqual([]);
});

it("gives at most as many updates as the limit says, under increasing ids", async () => {
  const tg = await playground();
  const ann = tg.user();
  for (const text of ["one", "two", "three"]) ann.says(text);
  const [first, second, ...rest] = await updates(tg, { limit: 2 });
  expect(second.update_id).toBe(first.update_id + 1);
  expect(rest).toEqual([]);
});

it("forgets all but the last updates for an offset below zero", async () => {
  const tg = await playground();
  const ann = tg.user();
  for (const text of ["one", "two", "three"]) ann.says(text);
  const [last] = await updates(tg, { offset: -1 });
  expect(last.message.text).toBe("three");
  expect(await updates(tg)).toHaveLength(1);
});

it("answers a waiting poll as soon as somebody writes", async () => {
  const tg = await playground();
  const polling = updates(tg, { timeout: 50 });
  await tg.idle();
  tg.user().says("hello");
  expect((await polling)[0].message.text).toBe("hello");
});

it("ends the first of two polls with a conflict", async () => {
  const tg = await playground();
  const first = call(tg, "getUpdates", { timeout: 50 });
  await tg.idle();
  const second = updates(tg, { timeout: 50 });
  expect(await first).toMatchObject({
    error_code: 409,
    description: expect.stringContaining("Conflict: terminated by other getUpdates request"),
  });
  await tg.idle();
  tg.user().says("hello");
  expect(await second).toHaveLength(1);
});

it("keeps an update for the next poll when the caller hangs up", async () => {
  const tg = await playground();
  const caller = new AbortController();
  const gone = call(tg, "getUpdates", { timeout: 50 }, caller.signal).catch(() => "gone");
  await tg.idle();
  caller.abort();
  expect(await gone).toBe("gone");
  tg.user().says("hello");
  expect(await updates(tg, { timeout: 50 })).toHaveLength(1);
});

it("remembers which kinds of updates the bot asked for", async () => {
  const tg = await playground();
  await updates(tg, { allowed_updates: ["callback_query"] });
  const ann = tg.user();
  expect(ann.says("hello").updateId).toBeUndefined();
  expect(await updates(tg)).toEqual([]);
  expect((await call(tg, "getWebhookInfo")).result.allowed_updates).toEqual(["callback_query"]);
  await updates(tg, { allowed_updates: [] });
  ann.says("hello");
  expect(await updates(tg)).toHaveLength(1);
});

it("refuses to be polled while a webhook is set", async () => {
  const tg = await playground();
  expect(await call(tg, "setWebhook", { url: "http://example.org/hook" })).toMatchObject({ error_code: 400 });
  expect(await call(tg, "setWebhook", { url: "https://example.org:8443/hook", secret_token: "s" })).toMatchObject({
    ok: true,
  });
  tg.user().says("hello");
  expect(await call(tg, "getUpdates")).toMatchObject({ error_code: 409 });
  expect((await call(tg, "getWebhookInfo")).result).toMatchObject({
    url: "https://example.org:8443/hook",
    pending_update_count: 1,
  });
  await call(tg, "deleteWebhook", { drop_pending_updates: true });
  expect(await updates(tg)).toEqual([]);
});

it("redelivers an update once under its old id, although it was confirmed", async () => {
  const tg = await playground();
  const { updateId } = tg.user().says("hello");
  const confirming = { offset: (updateId ?? 0) + 1 };
  await updates(tg, confirming);
  tg.redeliver(updateId ?? 0);
  expect(ids(await updates(tg, confirming))).toEqual([updateId]);
  expect(await updates(tg, confirming)).toEqual([]);
});

it("repeats a press under a new update id", async () => {
  const tg = await playground();
  const ann = tg.user();
  const message = ann.says("hello");
  const press = ann.pressesData(message, "x");
  const again = tg.pressAgain(press);
  const [, first, second] = await updates(tg);
  expect(again.updateId).toBe(first.update_id + 1);
  expect(second.callback_query).toEqual(first.callback_query);
});

it("says what waits when the bot does not come to rest", async () => {
  const tg = await playground();
  tg.user().says("hello");
  await expect(tg.idle(1)).rejects.toThrow(/Updates that wait: \d+ message/);
});

it("knows its token and its methods", async () => {
  const tg = await playground();
  const status = async (path: string) => (await fetch(`${tg.apiRoot}${path}`)).status;
  expect(await status("/bot1:wrong/getMe")).toBe(401);
  for (const path of ["/botwrong/getMe", "/bot1/getMe", "/bot:wrong/getMe", "/bot/getMe", "/bot1/bot1:wrong/getMe"])
    expect(await status(path)).toBe(404);
  expect(await call(tg, "getMoney")).toMatchObject({ error_code: 404, description: "Not Found: method not found" });
  expect(await status(`/bot${token}/getme`)).toBe(200);
  expect(await status("/elsewhere")).toBe(404);
});

it("takes parameters from a query string and from a form as well as from JSON", async () => {
  const tg = await playground();
  const ann = tg.user();
  ann.says("hello");
  const root = `${tg.apiRoot}/bot${token}/sendMessage`;
  await fetch(`${root}?chat_id=${ann.id}&text=query`);
  const markup = JSON.stringify({ inline_keyboard: [[{ text: "Go", callback_data: "go" }]] });
  const body = new URLSearchParams({ chat_id: String(ann.id), text: "form", reply_markup: markup });
  await fetch(root, { method: "POST", body });
  expect(ann.chat.messages().map((message) => message.text)).toEqual(["hello", "query", "form"]);
  expect(ann.chat.lastBotMessage()?.buttons[0]?.[0]).toMatchObject({ text: "Go", data: "go" });
});
