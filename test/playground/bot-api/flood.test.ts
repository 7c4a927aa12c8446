/** How much a bot may say before Telegram tells it to wait. */
import { beforeEach, expect, it } from "vitest";
import type { Playground } from "../../../src/playground/server.ts";
import type { Person } from "../../../src/playground/test-api/people.ts";
import { call, playground } from "../client.ts";

let tg: Playground;
let ann: Person;
let time: number;

beforeEach(async () => {
  time = 1_790_000_000_000;
  tg = await playground({ now: () => time });
  ann = tg.user();
  ann.says("/start");
});

const send = (chat: number) => call(tg, "sendMessage", { chat_id: chat, text: "hello" });

/** Sends so many messages, `everyMs` apart, and gives how many of them arrived. */
async function arrived(chat: number, messages: number, everyMs: number): Promise<number> {
  let taken = 0;
  for (let sent = 0; sent < messages; sent += 1) {
    time += everyMs;
    if ((await send(chat)).ok) taken += 1;
  }
  return taken;
}

it("lets everything pass until the limits are switched on", async () => {
  expect(await arrived(ann.id, 30, 0)).toBe(30);
});

it("lets a short burst pass in a chat, then says how long to wait, and lets a message pass after that", async () => {
  tg.floodLimits(true);
  expect(await arrived(ann.id, 5, 0)).toBe(5);
  time += 1500;
  const refused = await send(ann.id);
  const wait = { description: "Too Many Requests: retry after 4", parameters: { retry_after: 4 } };
  expect(refused).toEqual({ ok: false, error_code: 429, ...wait });
  expect(ann.chat.messages().filter(({ byBot }) => byBot)).toHaveLength(5);
  time += 4000;
  expect(await send(ann.id)).toMatchObject({ ok: true });
});

it("does not let twenty messages in four seconds pass, but twenty in twenty seconds", async () => {
  tg.floodLimits(true);
  expect(await arrived(ann.id, 20, 200)).toBeLessThan(10);
  tg.floodLimits(true);
  expect(await arrived(ann.id, 20, 1000)).toBe(20);
});

it("lets twenty messages a minute pass in a group, and counts each chat for itself", async () => {
  tg.floodLimits(true);
  const desk = tg.group({ title: "Desk" });
  expect(await arrived(desk.id, 25, 1000)).toBe(20);
  expect((await send(desk.id)).parameters).toEqual({ retry_after: 36 });
  expect(await send(ann.id)).toMatchObject({ ok: true });
});

it("counts edits like messages, and answers to presses not at all", async () => {
  tg.floodLimits(true);
  const { result } = await send(ann.id);
  for (const text of ["a", "b", "c", "d", "e"])
    await call(tg, "editMessageText", { chat_id: ann.id, message_id: result.message_id, text });
  expect(ann.chat.lastBotMessage()?.text).toBe("d");
  const press = ann.pressesData(result.message_id, "go");
  expect(await call(tg, "answerCallbackQuery", { callback_query_id: press.id })).toMatchObject({ ok: true });
});
