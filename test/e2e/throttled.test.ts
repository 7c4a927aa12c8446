/** A chat that Telegram makes wait (429, `retry_after`): it alone waits, for as long as Telegram says. */
import { expect, it } from "vitest";
import { asks, cardFor, confirms, verdictOn } from "../support/talk.ts";
import { createWorld } from "../support/world.ts";

it.each([25, 3600])("leaves a group alone for %s seconds, and serves everybody else meanwhile", async (seconds) => {
  const { ann, bob, telegram, start } = await createWorld({ budgets: false });
  const desk = telegram.group({ title: "Desk", members: [501, 502] });
  const bot = await start({ TELEGRAM_CHAT_IDS: String(desk.id) });
  const { http } = await bot.ready;
  const card = await cardFor(ann.in(desk), "/margin btc long 5");
  const parameters = { retry_after: seconds };
  const toDesk = () => telegram.calls().filter(({ params }) => params["chat_id"] === String(desk.id)).length;
  telegram.failWhen(({ params }) =>
    params["chat_id"] === String(desk.id)
      ? { kind: "error", code: 429, description: `Too Many Requests: retry after ${seconds}`, parameters }
      : undefined,
  );
  const before = toDesk();
  confirms(ann.in(desk), card);
  expect(await bot.logged("telegram_throttled")).toMatchObject({ level: "warn", chat: String(desk.id), seconds });
  bob.in(desk).says("/help");
  const elsewhere = await cardFor(bob, "/margin eth long 6");
  confirms(bob, elsewhere);
  expect((await verdictOn(bob, elsewhere)).text).toMatch(/^Done/);
  await asks(ann, "/help", /What I can do/);
  const asked = toDesk() - before;
  // The verdict and the edit of the card may be under way at the same moment. Nothing comes after them.
  expect(asked).toBeGreaterThan(0);
  expect(asked).toBeLessThanOrEqual(2);
  const ready = await fetch(`${http}/readyz`);
  const { throttled } = (await ready.json()) as { throttled: { chat: string; seconds: number }[] };
  expect([ready.status, throttled.map(({ chat }) => chat)]).toEqual([200, [String(desk.id)]]);
  expect(throttled[0]?.seconds).toBeLessThanOrEqual(seconds);
});
