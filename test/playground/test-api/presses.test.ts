import { beforeEach, expect, it } from "vitest";
import type { Playground } from "../../../src/playground/server.ts";
import type { Person } from "../../../src/playground/test-api/people.ts";
import { call, playground, row, updates } from "../client.ts";

let tg: Playground;
let ann: Person;
let clockMs: number;

beforeEach(async () => {
  clockMs = 1_750_000_000_000;
  tg = await playground({ now: () => clockMs });
  ann = tg.user({ firstName: "Ann" });
  ann.says("/start");
});

const send = (...buttons: object[]) =>
  call(tg, "sendMessage", { chat_id: ann.id, text: "Choose", reply_markup: row(...buttons) });
const answer = (id: string, more: object = {}) => call(tg, "answerCallbackQuery", { callback_query_id: id, ...more });
const tooOld = "Bad Request: query is too old and response timeout expired or query ID is invalid";

it("tells the bot who pressed which button of which message", async () => {
  const sent = await send({ text: "Go", callback_data: "go" });
  const press = ann.presses(/^Go/);
  const { callback_query: query } = (await updates(tg)).at(-1);
  expect(query).toMatchObject({ id: press.id, data: "go", from: { id: ann.id } });
  expect(query.message).toEqual(sent.result);
});

it("shows the person the answer, once", async () => {
  await send({ text: "Go", callback_data: "go" });
  const press = ann.presses("Go");
  expect(await answer(press.id, { text: "On its way", show_alert: true })).toMatchObject({ ok: true });
  expect(await press.answered).toEqual({ text: "On its way", showAlert: true });
  expect((await answer(press.id)).description).toBe(tooOld);
});

it("takes no answer after fifteen seconds, for no press, or over 200 characters", async () => {
  const press = ann.pressesData(1, "go");
  expect(await answer(press.id, { text: "x".repeat(201) })).toMatchObject({ error_code: 400 });
  expect((await answer("none")).description).toBe(tooOld);
  clockMs += 15_001;
  expect((await answer(press.id)).description).toBe(tooOld);
});

it("presses the newest button that fits and is enabled", async () => {
  await send({ text: "Go", callback_data: "old" });
  const wanted = await send({ text: "Go", callback_data: "new" });
  await send({ text: "Go", disabled: {} });
  expect(ann.presses("Go").data).toBe("new");
  expect(ann.presses("Go", { message: wanted.result.message_id - 1 }).data).toBe("old");
  expect(() => ann.presses("Stop")).toThrow(/has an enabled button Stop:\n(.*\n)*.*\[Go \(disabled\)\]/);
});

it("lets a tampered client press what no message offers", async () => {
  ann.pressesData(99, "forged");
  const { callback_query: query } = (await updates(tg)).at(-1);
  expect(query).toMatchObject({ data: "forged", message: { message_id: 99, date: 0 } });
});

it("waits for a message that is sent or edited, and shows the transcript when none comes", async () => {
  const waiting = ann.chat.waitFor(/Done/);
  const sent = await send({ text: "Go", callback_data: "go" });
  await call(tg, "editMessageText", { chat_id: ann.id, message_id: sent.result.message_id, text: "Done" });
  expect((await waiting).id).toBe(sent.result.message_id);
  expect((await ann.chat.waitFor((message) => message.text === "Done")).editDate).toBe(clockMs / 1000);
  const late = ann.chat.waitFor(/Done/, { after: sent.result.message_id, timeoutMs: 1 });
  await expect(late).rejects.toThrow(/matches \/Done\/:\n#1 Ann: \/start\n#2 Margin bot \(edited\): Done/);
});

it("asks for a reply, for one person if the bot wants that", async () => {
  const reply_markup = { force_reply: true, selective: true, input_field_placeholder: "Amount" };
  await call(tg, "sendMessage", { chat_id: ann.id, text: "How much?", reply_markup });
  expect(ann.chat.lastBotMessage()?.replyBox).toEqual({ selective: true, placeholder: "Amount" });
});
