/** How long one update has its person's lane to itself: on timers of the test's own. */
import { expect, it, onTestFinished, vi } from "vitest";
import { createBot } from "../../../src/telegram/bot.ts";
import { createAdmission } from "../../../src/telegram/updates/admission.ts";
import { openChat } from "../../support/chat.ts";

const DEADLINE_MS = 45_000;

function message(id: number, text: string) {
  const ann = { id: 501, first_name: "Ann" };
  const chat = { ...ann, type: "private" as const };
  return { update_id: id, message: { message_id: id, date: 0, chat, from: { ...ann, is_bot: false }, text } };
}

it("frees the place of an update that hangs after 45 seconds, and calls it off for the next one alone", async () => {
  const { chat, access, logged } = await openChat();
  const bot = createBot(access);
  bot.botInfo = await bot.api.getMe();
  const admission = createAdmission(chat, async () => undefined);
  const hangs = Promise.withResolvers<void>();
  onTestFinished(() => hangs.resolve());
  const begun: { id: number; isCalledOff: () => boolean }[] = [];
  bot.use(admission.middleware, async ({ update, turn }) => {
    begun.push({ id: update.update_id, isCalledOff: turn.isCalledOff });
    if (update.update_id === 1) await hangs.promise;
  });
  const handled = () => begun.map(({ id }) => id);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  await bot.handleUpdate(message(1, "/positions"));
  await vi.advanceTimersByTimeAsync(DEADLINE_MS - 1);
  expect([handled(), logged]).toEqual([[1], []]);
  await vi.advanceTimersByTimeAsync(1);
  expect([logged, begun[0]?.isCalledOff()]).toEqual([["update_deadline"], false]);
  await bot.handleUpdate(message(2, "/history"));
  await vi.advanceTimersByTimeAsync(0);
  expect([handled(), begun[0]?.isCalledOff()]).toEqual([[1, 2], true]);
  hangs.resolve();
  await admission.drained(1000);
  expect(logged).toEqual(["update_deadline", "update_called_off"]);
});
