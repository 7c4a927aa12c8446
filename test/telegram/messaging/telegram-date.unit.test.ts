import { expect, it } from "vitest";
import { createClock } from "../../../src/clock.ts";
import { witnessed } from "../../../src/telegram/messaging/telegram-date.ts";

const TIME = Date.UTC(2026, 10, 26, 8, 0, 0);

/** A machine that is three minutes ahead, and what its clock shows once an answer with such headers came. */
async function nowAfter(headers: Record<string, string>): Promise<number> {
  const clock = createClock({ wall: () => TIME + 180_000, monotonic: () => 0 });
  await witnessed(async () => new Response("{}", { headers }), clock)("https://api.telegram.org/bot1:a/getMe");
  return clock.now();
}

it("hears the time in the header of an answer, in the middle of the second that had begun", async () => {
  expect(await nowAfter({ date: "Thu, 26 Nov 2026 08:00:00 GMT" })).toBe(TIME + 500);
});

it.each([{}, { date: "yesterday" }])("hears nothing from %o", async (headers) => {
  expect(await nowAfter(headers as Record<string, string>)).toBe(TIME + 180_000);
});
