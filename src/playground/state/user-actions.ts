/** What people do in a chat: write, edit, press, forward. */
import { randomUUID } from "node:crypto";
import type { Message, Origin, User } from "./bot-api-types.ts";
import { changeBotStatus, deliver } from "./delivery.ts";
import { type Draft, findPosted, type Pressed, type Room, type Telegram, withEntities } from "./telegram.ts";

const PRESSES_MAX = 10_000;

/** Posts what a person writes and tells the bot. The first message in a private chat makes the bot reachable there. */
export function write(
  telegram: Telegram,
  room: Room,
  draft: Draft,
): { message: Message; updateId: number | undefined } {
  if (room.chat.type === "private" && room.botStatus === "left") room.botStatus = "member";
  const message = telegram.post(room, draft);
  return { message, updateId: deliver(telegram, room, "message", message) };
}

/** A press of a button that says `data`; whether the message has such a button is not Telegram's question. */
export function press(
  telegram: Telegram,
  room: Room,
  from: User,
  target: { messageId: number; data: string },
): { pressed: Pressed; updateId: number | undefined } {
  const { messageId, data } = target;
  const message = findPosted(room, messageId)?.message ?? { chat: room.chat, message_id: messageId, date: 0 as const };
  const query = { id: randomUUID(), from, message, chat_instance: String(room.chat.id), data };
  const pressed: Pressed = { query, at: telegram.now(), answer: undefined };
  telegram.pressed.set(query.id, pressed);
  const [oldest] = telegram.pressed.keys();
  if (oldest !== undefined && telegram.pressed.size > PRESSES_MAX) telegram.pressed.delete(oldest);
  return { pressed, updateId: telegram.updates.push({ callback_query: query }) };
}

/** A person edits a message of their own. */
export function editText(telegram: Telegram, room: Room, messageId: number, text: string): void {
  const posted = findPosted(room, messageId);
  if (!posted) throw new Error(`There is no message ${messageId} to edit in this chat.`);
  const { entities: _old, ...kept } = posted.message;
  const message = { ...kept, ...withEntities(text, []), edit_date: telegram.unixTime() };
  telegram.revise(room, posted, { message });
  deliver(telegram, room, "edited_message", message);
}

/** What a forward says about where a message came from. */
export function originOf(message: Message): Origin {
  const { chat, date, message_id, from } = message;
  if (message.forward_origin) return message.forward_origin;
  if (chat.type === "channel" || !from) return { type: "channel", date, chat, message_id };
  return { type: "user", date, sender_user: from };
}

/** Posts in a channel, and in the group that is linked to it, where Telegram itself forwards the post. */
export function postInChannel(telegram: Telegram, channel: Room, text: string): Message {
  const post = telegram.post(channel, { sender_chat: channel.chat, text });
  if (channel.botStatus === "administrator") telegram.updates.push({ channel_post: post });
  for (const room of telegram.rooms.values()) {
    if (room.linkedChannel !== channel.chat.id) continue;
    const forward_origin = originOf(post);
    const from = { id: 777000, is_bot: false, first_name: "Telegram" };
    write(telegram, room, { from, sender_chat: channel.chat, text, forward_origin, is_automatic_forward: true });
  }
  return post;
}

/** Upgrades a basic group to a supergroup with another id, and tells the bot in both chats. */
export function migrate(telegram: Telegram, old: Room, newId: number, by: User): Room {
  const room = telegram.openRoom({ ...old.chat, id: newId, type: "supergroup" });
  room.members = new Set(old.members);
  room.botStatus = old.botStatus;
  write(telegram, old, { from: by, migrate_to_chat_id: newId });
  write(telegram, room, { from: by, migrate_from_chat_id: old.chat.id });
  old.migratedTo = newId;
  return room;
}

/** Somebody takes the bot into a group. */
export function addBot(telegram: Telegram, room: Room, by: User, status: "member" | "administrator"): void {
  const joins = room.botStatus === "left" || room.botStatus === "kicked";
  changeBotStatus(telegram, room, by, status);
  if (joins) write(telegram, room, { from: by, new_chat_members: [telegram.bot] });
}

/** Somebody takes the bot out of a group. */
export function removeBot(telegram: Telegram, room: Room, by: User): void {
  write(telegram, room, { from: by, left_chat_member: telegram.bot });
  changeBotStatus(telegram, room, by, "kicked");
}

/** Opens topics of a forum; each is known by the number of the message that created it. */
export function openTopics(telegram: Telegram, room: Room, by: User, names: string[]): void {
  for (const name of names) {
    const topic = room.lastMessageId + 1;
    room.topics.set(name, topic);
    telegram.post(room, { from: by, topic, forum_topic_created: { name, icon_color: 7322096 } });
  }
}
