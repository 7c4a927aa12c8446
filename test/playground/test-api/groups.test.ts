import { beforeEach, describe, expect, it } from "vitest";
import type { Playground } from "../../../src/playground/server.ts";
import type { GroupHandle } from "../../../src/playground/test-api/chats.ts";
import type { Person } from "../../../src/playground/test-api/people.ts";
import { call, playground, updates } from "../client.ts";

let tg: Playground;
let ann: Person;
let desk: GroupHandle;

beforeEach(async () => {
  tg = await playground();
  ann = tg.user({ firstName: "Ann" });
  desk = tg.group({ title: "Desk" });
});

const last = async () => (await updates(tg)).at(-1);

describe("with privacy mode the bot", () => {
  const heard = ["/margin", "/margin@margin_bot 50", "/margin@Margin_Bot"];
  const unheard = ["hello", "@margin_bot hello", "/margin@other_bot", "hello /margin"];
  it.each(heard)("hears %s", (text) => expect(ann.in(desk).says(text).updateId).toBeDefined());
  it.each(unheard)("does not hear %s", (text) => expect(ann.in(desk).says(text).updateId).toBeUndefined());

  it("hears replies to its own messages, and no others", async () => {
    const own = await call(tg, "sendMessage", { chat_id: desk.id, text: "How much?" });
    const replyTo = own.result.message_id;
    const reply = ann.in(desk).says("50", { replyTo });
    expect(reply.updateId).toBeDefined();
    expect(ann.in(desk).says("60", { replyTo: reply }).updateId).toBeUndefined();
    // A reply in a group without topics carries a thread, and is no topic message all the same.
    expect((await last()).message).toMatchObject({
      message_thread_id: replyTo,
      reply_to_message: { text: "How much?" },
    });
    expect((await last()).message.is_topic_message).toBeUndefined();
  });

  it("hears everything as an administrator, and what happens to the group", () => {
    desk.addBot(ann, "administrator");
    expect(ann.in(desk).says("hello").updateId).toBeDefined();
    desk.joins(tg.user({ firstName: "Bob" }));
    expect(tg.pendingUpdates().at(-1)?.message?.new_chat_members?.[0]?.first_name).toBe("Bob");
  });

  it("hears everything in private", () => {
    expect(ann.says("hello").updateId).toBeDefined();
  });
});

it("hears everything without privacy mode", async () => {
  const open = await playground({ privacy: false });
  expect(
    open
      .user()
      .in(open.group({ title: "Desk" }))
      .says("hello").updateId,
  ).toBeDefined();
});

it("keeps topics apart, and knows General by the lack of one", async () => {
  const forum = tg.group({ title: "Forum", topics: ["Risk", "Ops"] });
  const risk = forum.topic("Risk");
  ann.in(forum, "Risk").says("/margin");
  expect((await last()).message).toMatchObject({
    message_thread_id: risk.topicId,
    is_topic_message: true,
    reply_to_message: { forum_topic_created: { name: "Risk" } },
  });
  ann.in(forum).says("/margin");
  expect((await last()).message.message_thread_id).toBeUndefined();
  const send = (message_thread_id: number | undefined) =>
    call(tg, "sendMessage", { chat_id: forum.id, text: "hello", message_thread_id });
  await send(risk.topicId);
  expect(risk.lastBotMessage()).toMatchObject({ text: "hello", topic: risk.topicId, replyTo: undefined });
  expect(forum.topic("Ops").lastBotMessage()).toBeUndefined();
  expect((await send(1)).description).toBe("Bad Request: message thread not found");
  expect(() => forum.topic("Lunch")).toThrow("no topic");
});

it("names the group in place of an anonymous administrator, whose press carries their real id", async () => {
  const admin = ann.in(desk);
  const command = admin.saysAnonymously("/margin");
  expect((await last()).message).toMatchObject({ from: { id: 1087968824 }, sender_chat: { id: desk.id } });
  admin.pressesData(command, "go");
  expect((await last()).callback_query.from.id).toBe(ann.id);
});

it("names a channel that speaks in a group, and forwards its posts to the linked group", async () => {
  const news = tg.channel({ title: "News" });
  ann.in(desk).saysAsChannel("/margin", news);
  expect((await last()).message).toMatchObject({ from: { id: 136817688 }, sender_chat: { title: "News" } });
  desk.linkTo(news);
  news.posts("/margin");
  const [post, forward] = (await updates(tg)).slice(-2);
  expect(post.channel_post).toMatchObject({ chat: { type: "channel" }, text: "/margin" });
  expect(post.channel_post.from).toBeUndefined();
  expect(forward.message).toMatchObject({
    from: { id: 777000 },
    is_automatic_forward: true,
    forward_origin: { type: "channel", message_id: post.channel_post.message_id },
  });
});

it("marks edits, forwards, messages by way of a bot, other bots and late messages", async () => {
  const original = ann.says("/margin");
  ann.edits(original, "/margin btc");
  expect((await last()).edited_message).toMatchObject({ text: "/margin btc", edit_date: expect.any(Number) });
  ann.forwards(original, desk);
  expect((await last()).message.forward_origin).toMatchObject({ type: "user", sender_user: { id: ann.id } });
  const helper = tg.user({ isBot: true, username: "helper_bot" });
  ann.says("/margin", { viaBot: helper, date: 1_700_000_000 });
  expect((await last()).message).toMatchObject({ via_bot: { id: helper.id }, date: 1_700_000_000 });
  helper.in(desk).says("/margin");
  expect((await last()).message.from.is_bot).toBe(true);
});

it("tells the bot when it is added and removed, and then lets it do nothing", async () => {
  const fresh = tg.group({ title: "New", withBot: false });
  const send = () => call(tg, "sendMessage", { chat_id: fresh.id, text: "hello" });
  expect((await send()).description).toBe("Forbidden: bot is not a member of the supergroup chat");
  expect(ann.in(fresh).says("/margin").updateId).toBeUndefined();
  fresh.addBot(ann);
  expect(tg.pendingUpdates().map((update) => update.my_chat_member?.new_chat_member.status)).toContain("member");
  expect(await send()).toMatchObject({ ok: true });
  fresh.removeBot(ann);
  expect(await send()).toMatchObject({
    error_code: 403,
    description: "Forbidden: bot was kicked from the supergroup chat",
  });
  expect(await call(tg, "leaveChat", { chat_id: desk.id })).toMatchObject({ ok: true });
  expect((await last()).my_chat_member.new_chat_member.status).toBe("left");
});

it("moves a group to another id when it is upgraded, and names that id to who uses the old one", async () => {
  const old = tg.group({ title: "Old", basic: true });
  ann.in(old).says("/margin");
  const moved = old.migrate(ann);
  const [left, arrived] = (await updates(tg)).slice(-2);
  expect(left.message).toMatchObject({ chat: { id: old.id }, migrate_to_chat_id: moved.id });
  expect(arrived.message).toMatchObject({ chat: { id: moved.id }, migrate_from_chat_id: old.id });
  const answer = await call(tg, "sendMessage", { chat_id: old.id, text: "hello" });
  expect(answer.parameters).toEqual({ migrate_to_chat_id: moved.id });
  expect(await call(tg, "sendMessage", { chat_id: moved.id, text: "hello" })).toMatchObject({ ok: true });
});

it("knows who is a member", async () => {
  ann.in(desk).says("/start");
  const status = async (user_id: number) =>
    (await call(tg, "getChatMember", { chat_id: desk.id, user_id })).result?.status;
  expect(await status(ann.id)).toBe("member");
  expect(await status(tg.user().id)).toBe("left");
  expect(await status(700123)).toBe("member");
  expect((await call(tg, "getChat", { chat_id: desk.id })).result).toMatchObject({ title: "Desk", type: "supergroup" });
});
