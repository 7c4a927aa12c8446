import { beforeEach, expect, it } from "vitest";
import type { Playground } from "../../../src/playground/server.ts";
import type { Person } from "../../../src/playground/test-api/people.ts";
import { call, playground } from "../client.ts";

let tg: Playground;
let ann: Person;

beforeEach(async () => {
  tg = await playground();
  ann = tg.user();
  ann.says("/start");
});

const send = () => call(tg, "sendMessage", { chat_id: ann.id, text: "hello" });
const sent = () => ann.chat.messages().filter((message) => message.byBot).length;

it("refuses as often as it is told, and then works again", async () => {
  const parameters = { retry_after: 3 };
  tg.fail("sendMessage", { kind: "error", code: 429, description: "Too Many Requests: retry after 3", parameters }, 2);
  expect(await send()).toMatchObject({ error_code: 429, parameters });
  expect(await send()).toMatchObject({ error_code: 429 });
  expect(await send()).toMatchObject({ ok: true });
  expect(tg.calls("sendMessage").map((one) => one.ok)).toEqual([false, false, true]);
});

it("cuts the connection before or after the message is there", async () => {
  tg.fail("sendMessage", { kind: "drop", when: "before" });
  await expect(send()).rejects.toThrow();
  expect(sent()).toBe(0);
  tg.fail("*", { kind: "drop", when: "after" });
  await expect(send()).rejects.toThrow();
  expect(sent()).toBe(1);
});

it("answers with the page of a gateway", async () => {
  tg.fail("sendMessage", { kind: "html" });
  await expect(send()).rejects.toThrow(/JSON/);
});

it("holds an answer back for as long as the test wants", async () => {
  const gate = Promise.withResolvers<void>();
  tg.fail("sendMessage", { kind: "hold", until: gate.promise });
  const answer = send();
  await ann.chat.waitFor(/hello/);
  expect(tg.calls("sendMessage")[0]?.ok).toBeUndefined();
  gate.resolve();
  expect(await answer).toMatchObject({ ok: true });
});

it("asks a rule at every call until the rule is ended", async () => {
  const end = tg.failWhen((one, index) =>
    one.method === "sendMessage" && index === 1 ? { kind: "error", code: 500, description: "Internal" } : undefined,
  );
  expect(await send()).toMatchObject({ ok: true });
  expect(await send()).toMatchObject({ error_code: 500 });
  end();
  expect(await send()).toMatchObject({ ok: true });
});
