/** What Telegram makes of the words a bot sends: trimmed, cleaned, and the entities moved along. */
import { beforeEach, expect, it } from "vitest";
import type { Playground } from "../../../src/playground/server.ts";
import type { Person } from "../../../src/playground/test-api/people.ts";
import { type Answer, call, playground, token, updates } from "../client.ts";

let tg: Playground;
let ann: Person;

beforeEach(async () => {
  tg = await playground();
  ann = tg.user();
  ann.says("/start");
});

const bold = (offset: number, length: number) => ({ type: "bold", offset, length });

/** What Telegram answers, and what people see, for these words. */
async function taken(text: string, entities: object[] = []) {
  const { result } = await call(tg, "sendMessage", { chat_id: ann.id, text, entities });
  expect(ann.chat.lastBotMessage()?.text).toBe(result.text);
  return [result.text, result.entities];
}

const cases: [what: string, text: string, given: object[], words: string, left: object[] | undefined][] = [
  ["blanks around it", " \n hello \n", [], "hello", undefined],
  ["blanks in it", "a \n\n b", [], "a \n\n b", undefined],
  ["blanks before a marked word", "\n\n hello", [bold(3, 5)], "hello", [bold(0, 5)]],
  ["blanks after a marked word", "hello you \n", [bold(6, 5)], "hello you", [bold(6, 3)]],
  ["nothing but blanks marked", "hello  you ", [bold(5, 2), bold(10, 1)], "hello  you", undefined],
  ["the first blanks marked", "  \n hello", [bold(1, 8)], " \n hello", [bold(0, 8)]],
  ["tabs and other control characters", "a\tb\u0007c", [], "a b c", undefined],
  ["returns and signs of direction", "\r\na\r\nb\u202ec", [bold(5, 3)], "a\nbc", [bold(2, 2)]],
];

it.each(cases)("takes a text with %s", async (_what, text, given, words, left) => {
  expect(await taken(text, given)).toEqual([words, left]);
});

it("keeps the first hundred entities of more", async () => {
  const [, entities] = await taken(
    "x ".repeat(120),
    Array.from({ length: 120 }, (_, word) => bold(2 * word, 1)),
  );
  expect([entities.length, entities.at(-1)]).toEqual([100, bold(198, 1)]);
});

it("judges the length of what is left", async () => {
  expect((await taken(` ${"x".repeat(4096)}\n`))[0]).toHaveLength(4096);
});

it("takes an edit that differs in blanks alone for none", async () => {
  const sent = await call(tg, "sendMessage", { chat_id: ann.id, text: "hello" });
  const edit = { chat_id: ann.id, message_id: sent.result.message_id, text: "hello\n" };
  expect((await call(tg, "editMessageText", edit)).description).toContain("message is not modified");
});

/** The names of all fields, at any depth, that hold an empty list or say no. */
function empties(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    inner === false || inner === "" || (Array.isArray(inner) && inner.length === 0) ? [name] : empties(inner),
  );
}

it("leaves out what a message does not have", async () => {
  const none = { entities: [], reply_markup: { inline_keyboard: [] }, protect_content: false };
  const { result } = await call(tg, "sendMessage", { chat_id: ann.id, text: "hello", ...none });
  expect(Object.keys(result).toSorted()).toEqual(["chat", "date", "from", "message_id", "text"]);
  const place = { chat_id: ann.id, message_id: result.message_id };
  const marked = await call(tg, "editMessageText", { ...place, text: "bye", entities: [bold(0, 3)] });
  const bare = await call(tg, "editMessageText", { ...place, text: "bye", ...none });
  expect([marked.result.entities, bare.result.entities]).toEqual([[bold(0, 3)], undefined]);
  const form = new FormData();
  form.set("chat_id", String(ann.id));
  form.set("caption", "See /audit");
  form.set("caption_entities", "[]");
  form.set("document", new File(["a"], "a.txt"));
  const sent = await fetch(`${tg.apiRoot}/bot${token}/sendDocument`, { method: "POST", body: form });
  const file = ((await sent.json()) as Answer).result;
  expect(file.caption_entities).toEqual([{ type: "bot_command", offset: 4, length: 6 }]);
  ann.says("hello", { replyTo: result.message_id });
  ann.pressesData(result.message_id, "go");
  const told = [result, bare.result, file, ...(await updates(tg))];
  expect(told.flatMap(empties).filter((name) => name !== "is_bot")).toEqual([]);
});
