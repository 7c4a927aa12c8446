import { beforeEach, describe, expect, it } from "vitest";
import type { Playground } from "../../../src/playground/server.ts";
import type { Person } from "../../../src/playground/test-api/people.ts";
import { call, playground, row } from "../client.ts";

let tg: Playground;
let ann: Person;

beforeEach(async () => {
  tg = await playground();
  ann = tg.user();
  ann.says("/start");
});

const button = { text: "Go", callback_data: "go" };
const bold = (offset: number, length: number) => ({ type: "bold", offset, length });
const date = (more: object) => ({ type: "date_time", offset: 0, length: 5, ...more });

describe("a message is refused", () => {
  const cases: [why: string, params: object, description: string][] = [
    ["with an empty text", { text: "" }, "message text is empty"],
    ["with a blank text", { text: " \n\t\r " }, "message text is empty"],
    ["with a text that nobody sees", { text: "\u00a0\u200b" }, "message text is empty"],
    ["with 4097 units", { text: "x".repeat(4097) }, "message is too long"],
    ["with 4098 units in 2049 symbols", { text: "😀".repeat(2049) }, "message is too long"],
    ["with markup", { text: "<b>hello</b>", parse_mode: "HTML" }, "unsupported parse_mode"],
    ["with an unknown entity", { entities: [{ type: "loud", offset: 0, length: 1 }] }, "Unsupported type specified"],
    ["with an entity after the text", { entities: [bold(3, 3)] }, "ends after the end of the text"],
    ["with an entity before the text", { entities: [bold(-1, 3)] }, "incorrect offset"],
    ["with an entity that cuts a symbol", { text: "😀", entities: [bold(0, 1)] }, "middle of a UTF-16 symbol"],
    ["with entities that cross", { entities: [bold(0, 3), { ...bold(2, 3), type: "italic" }] }, "can't be nested"],
    ["with a style in code", { entities: [{ ...bold(0, 5), type: "code" }, bold(1, 2)] }, "can't be nested"],
    ["with a link that is none", { entities: [{ ...bold(0, 5), type: "text_link", url: "x" }] }, "wrong URL"],
    ["with a time without a time", { entities: [date({ date_time_format: "r" })] }, "wrong unix_time"],
    ["with a time in an odd format", { entities: [date({ unix_time: 1, date_time_format: "rt" })] }, "wrong date_time"],
    ["with entities that are no list", { entities: { type: "bold" } }, "expected an Array"],
    ["with markup that is no JSON", { reply_markup: "{" }, "can't parse reply_markup"],
    ["with markup of no kind", { reply_markup: {} }, "object expected as reply markup"],
    ["with empty data", { reply_markup: row({ text: "Go", callback_data: "" }) }, "BUTTON_DATA_INVALID"],
    [
      "with 65 bytes of data",
      { reply_markup: row({ ...button, callback_data: "é".repeat(33) }) },
      "BUTTON_DATA_INVALID",
    ],
    ["with a nameless button", { reply_markup: row({ ...button, text: "" }) }, "BUTTON_TEXT_INVALID"],
    ["with an idle button", { reply_markup: row({ text: "Go" }) }, "Text buttons are unallowed"],
    ["with a button of two minds", { reply_markup: row({ ...button, disabled: {} }) }, "BUTTON_TYPE_INVALID"],
    ["with a button in pink", { reply_markup: row({ ...button, style: "pink" }) }, "invalid button style"],
    ["with a wrong address", { reply_markup: row({ text: "Go", url: "nowhere" }) }, "Wrong HTTP URL"],
    ["with an address at home", { reply_markup: row({ text: "Go", url: "http://localhost/" }) }, "Wrong HTTP URL"],
    ["with nothing to copy", { reply_markup: row({ text: "Copy", copy_text: { text: "" } }) }, "BUTTON_COPY_TEXT"],
    ["with 101 buttons", { reply_markup: row(...Array(101).fill(button)) }, "REPLY_MARKUP_TOO_LONG"],
    [
      "with a long placeholder",
      { reply_markup: { force_reply: true, input_field_placeholder: "x".repeat(65) } },
      "placeholder is too long",
    ],
    ["to an unknown chat", { chat_id: 42 }, "chat not found"],
    ["to no chat", { chat_id: "" }, "chat_id is empty"],
    ["to an unknown topic", { message_thread_id: 7 }, "message thread not found"],
    ["in reply to nothing", { reply_parameters: { message_id: 99 } }, "message to be replied not found"],
  ];
  it.each(cases)("%s", async (_why, params, description) => {
    const answer = await call(tg, "sendMessage", { chat_id: ann.id, text: "hello", ...params });
    expect(answer).toMatchObject({ ok: false, error_code: 400 });
    expect(answer.description).toMatch(/^Bad Request: /);
    expect(answer.description).toContain(description);
    expect(ann.chat.lastBotMessage()).toBeUndefined();
  });
});

describe("a message is taken", () => {
  const cases: [what: string, params: object][] = [
    ["of 4096 units", { text: "x".repeat(4096) }],
    ["with 64 bytes of data", { reply_markup: row({ ...button, callback_data: "é".repeat(32) }) }],
    ["with 100 buttons", { reply_markup: row(...Array(100).fill(button)) }],
    ["with a style in a style in a quote", { entities: [{ ...bold(0, 5), type: "blockquote" }, bold(0, 4)] }],
    ["with a relative time", { entities: [date({ unix_time: 1_700_000_000, date_time_format: "r" })] }],
    ["with a full time", { entities: [date({ unix_time: 1_700_000_000, date_time_format: "wDT" })] }],
    ["with a disabled button", { reply_markup: row({ text: "Sent", disabled: {}, style: "success" }) }],
    ["with parameters nobody knows", { sparkle: true }],
    [
      "without its reply, if it allows that",
      { reply_parameters: { message_id: 99, allow_sending_without_reply: true } },
    ],
  ];
  it.each(cases)("%s", async (_what, params) => {
    expect(await call(tg, "sendMessage", { chat_id: ann.id, text: "hello", ...params })).toMatchObject({ ok: true });
  });
});

it("refuses an edit that changes nothing, and one of a message that is not there or not its own", async () => {
  const place = { chat_id: ann.id };
  const sent = await call(tg, "sendMessage", { ...place, text: "hello", reply_markup: row(button) });
  const own = { ...place, message_id: sent.result.message_id };
  const same = { ...own, text: "hello", reply_markup: row(button) };
  expect((await call(tg, "editMessageText", same)).description).toMatch(/^Bad Request: message is not modified: /);
  expect((await call(tg, "editMessageReplyMarkup", same)).description).toContain("not modified");
  const edit = (message_id: number) => call(tg, "editMessageText", { ...place, message_id, text: "bye" });
  expect((await edit(99)).description).toBe("Bad Request: message to edit not found");
  expect((await edit(1)).description).toBe("Bad Request: message can't be edited");
});

it("takes the keyboard away when an edited text comes without one", async () => {
  const sent = await call(tg, "sendMessage", { chat_id: ann.id, text: "hello", reply_markup: row(button) });
  const own = { chat_id: ann.id, message_id: sent.result.message_id };
  expect((await call(tg, "editMessageText", { ...own, text: "bye" })).result.reply_markup).toBeUndefined();
  expect(ann.chat.lastBotMessage()).toMatchObject({ text: "bye", buttons: [], editDate: expect.any(Number) });
  await call(tg, "editMessageReplyMarkup", { ...own, reply_markup: row(button) });
  expect(ann.chat.lastBotMessage()?.buttons).toHaveLength(1);
});

it("deletes a message once, and in a group only its own", async () => {
  const sent = await call(tg, "sendMessage", { chat_id: ann.id, text: "hello" });
  const own = { chat_id: ann.id, message_id: sent.result.message_id };
  expect(await call(tg, "deleteMessage", own)).toMatchObject({ ok: true });
  expect((await call(tg, "deleteMessage", own)).description).toBe("Bad Request: message to delete not found");
  const desk = tg.group({ title: "Desk" });
  const { id } = ann.in(desk).says("/start");
  const other = { chat_id: desk.id, message_id: id };
  expect((await call(tg, "deleteMessage", other)).description).toBe(
    "Bad Request: message can't be deleted for everyone",
  );
});

it("cannot write to a person whom it has not met, or who has blocked it", async () => {
  const bob = tg.user();
  const write = () => call(tg, "sendMessage", { chat_id: bob.id, text: "hello" });
  expect((await write()).description).toBe("Forbidden: bot can't initiate conversation with a user");
  bob.says("/start");
  expect(await write()).toMatchObject({ ok: true });
  bob.blocksBot();
  expect(await write()).toMatchObject({ error_code: 403, description: "Forbidden: bot was blocked by the user" });
  const last = tg.pendingUpdates().at(-1);
  expect(last?.my_chat_member?.new_chat_member.status).toBe("kicked");
  bob.unblocksBot();
  expect(await write()).toMatchObject({ ok: true });
});

it("checks names and descriptions of commands, and keeps a list for each scope and language", async () => {
  const set = (commands: object[], more: object = {}) => call(tg, "setMyCommands", { commands, ...more });
  expect((await set([{ command: "Margin", description: "x" }])).description).toBe("Bad Request: BOT_COMMAND_INVALID");
  expect(await set([{ command: "margin", description: "" }])).toMatchObject({ error_code: 400 });
  expect(await set([{ command: "margin", description: "x".repeat(257) }])).toMatchObject({ error_code: 400 });
  const menu = [{ command: "margin", description: "Add or remove margin" }];
  const scope = { scope: { type: "all_group_chats" }, language_code: "en" };
  expect(await set(menu, scope)).toMatchObject({ ok: true });
  expect((await call(tg, "getMyCommands", scope)).result).toEqual(menu);
  expect((await call(tg, "getMyCommands")).result).toEqual([]);
  await call(tg, "deleteMyCommands", scope);
  expect((await call(tg, "getMyCommands", scope)).result).toEqual([]);
});

it("shows the bot's own file to the person it was sent to", async () => {
  const form = new FormData();
  form.set("chat_id", String(ann.id));
  form.set("caption", "The trail");
  form.set("document", "attach://part");
  form.set("part", new File(["a;b"], "audit.csv", { type: "text/csv" }));
  await fetch(`${tg.apiRoot}/bot700123:test-token/sendDocument`, { method: "POST", body: form });
  const sent = ann.chat.lastBotMessage();
  expect(sent).toMatchObject({ text: "The trail", document: { name: "audit.csv", size: 3 } });
  expect(sent && ann.chat.file(sent).toString()).toBe("a;b");
  const edit = { chat_id: ann.id, message_id: sent?.id, text: "other words" };
  const refused = "Bad Request: there is no text in the message to edit";
  expect((await call(tg, "editMessageText", edit)).description).toBe(refused);
});

it("reacts with an emoji that Telegram has, and shows that it types", async () => {
  const react = (emoji: string) =>
    call(tg, "setMessageReaction", { chat_id: ann.id, message_id: 1, reaction: [{ type: "emoji", emoji }] });
  expect(await react("👀")).toMatchObject({ ok: true });
  expect(ann.chat.messages()[0]?.reactions).toEqual(["👀"]);
  expect((await react("🧮")).description).toBe("Bad Request: REACTION_INVALID");
  expect(await call(tg, "sendChatAction", { chat_id: ann.id, action: "typing" })).toMatchObject({ ok: true });
  expect(await call(tg, "sendChatAction", { chat_id: ann.id, action: "dancing" })).toMatchObject({ ok: false });
});
