/** Everything that this Telegram knows: users, chats, messages, presses. */
import type { CallbackQuery, Chat, MemberStatus, Message, User } from "./bot-api-types.ts";
import { type Calls, createCalls } from "./call-log.ts";
import { type Commands, createCommands } from "./commands.ts";
import { detectEntities } from "./entities.ts";
import { createUpdates, type Updates } from "./updates.ts";

/** A message and what only Telegram's own clients know about it. */
export interface Posted {
  readonly message: Message;
  readonly deleted: boolean;
  readonly silent: boolean;
  readonly replyBox: { selective: boolean; placeholder: string } | undefined;
  readonly reactions: string[];
  readonly file: Buffer | undefined;
}

/** A chat with its history. `botStatus` is `left` in a private chat whose person never wrote to the bot. */
export interface Room {
  readonly chat: Chat;
  readonly posted: Map<number, Posted>;
  lastMessageId: number;
  readonly topics: Map<string, number>;
  members: Set<number>;
  botStatus: MemberStatus;
  migratedTo: number | undefined;
  linkedChannel: number | undefined;
}

/** A press of a button, and how the bot answered it. */
export interface Pressed {
  readonly query: CallbackQuery;
  readonly at: number;
  answer: { text: string | undefined; showAlert: boolean } | undefined;
}

/** What has just changed, for whoever looks on. */
export type Change =
  | { kind: "message"; room: Room; posted: Posted }
  | { kind: "typing"; room: Room; topic: number | undefined }
  | { kind: "answer" | "commands" | "room" | "traffic" };

/** Everything a message may say besides its number, place and date. */
export type Draft = Omit<Message, "message_id" | "chat" | "date" | "message_thread_id" | "is_topic_message"> & {
  date?: number;
  topic?: number | undefined;
};

/** All that there is, and the ways to add to it. */
export interface Telegram {
  readonly bot: User;
  readonly privacy: boolean;
  now(): number;
  unixTime(): number;
  readonly users: Map<number, User>;
  readonly rooms: Map<number, Room>;
  readonly pressed: Map<string, Pressed>;
  readonly updates: Updates;
  readonly calls: Calls;
  readonly commands: Commands;
  openRoom(chat: Chat): Room;
  /** Gives the draft a number and a place in its chat, and shows it to everybody who looks. */
  post(room: Room, draft: Draft, extras?: Partial<Posted>): Message;
  /** Replaces a message by a later version of it. */
  revise(room: Room, posted: Posted, changes: Partial<Posted>): void;
  announce(change: Change): void;
  /** Calls back at every change, until the returned function is called. */
  onChange(listener: (change: Change) => void): () => void;
}

const MESSAGES_MAX = 5_000;

/** A Telegram with this bot and nobody else. `privacy`: in groups the bot hears only what is meant for it. */
export function createTelegram(bot: User, now: () => number, privacy: boolean): Telegram {
  const listeners = new Set<(change: Change) => void>();
  const announce = (change: Change) => {
    for (const listener of [...listeners]) listener(change);
  };
  const traffic = () => announce({ kind: "traffic" });
  const unixTime = () => Math.floor(now() / 1000);
  const rooms = new Map<number, Room>();
  return {
    bot,
    privacy,
    now,
    unixTime,
    users: new Map([[bot.id, bot]]),
    rooms,
    pressed: new Map(),
    updates: createUpdates(700_000_000 + (bot.id % 1_000_000), traffic),
    calls: createCalls(now, traffic),
    commands: createCommands(() => announce({ kind: "commands" })),
    openRoom(chat) {
      const room = emptyRoom(chat);
      rooms.set(chat.id, room);
      announce({ kind: "room" });
      return room;
    },
    post(room, draft, extras = {}) {
      const message = place(room, draft, unixTime());
      const posted: Posted = { ...BLANK_POSTED, message, reactions: [], ...extras };
      room.posted.set(message.message_id, posted);
      if (room.posted.size > MESSAGES_MAX) room.posted.delete(message.message_id - MESSAGES_MAX);
      announce({ kind: "message", room, posted });
      return message;
    },
    revise(room, posted, changes) {
      Object.assign(posted, changes);
      announce({ kind: "message", room, posted });
    },
    announce,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The message a number stands for, unless it was deleted. */
export function findPosted(room: Room | undefined, messageId: number | undefined): Posted | undefined {
  const posted = messageId === undefined ? undefined : room?.posted.get(messageId);
  return posted?.deleted ? undefined : posted;
}

const BLANK_POSTED = { deleted: false, silent: false, replyBox: undefined, file: undefined };

function emptyRoom(chat: Chat): Room {
  return {
    chat,
    posted: new Map(),
    // Message 1 of a group is its creation, so no topic can have the id 1, which belongs to "General".
    lastMessageId: chat.type === "private" ? 0 : 1,
    topics: new Map(),
    members: new Set(),
    botStatus: chat.type === "private" ? "left" : "member",
    migratedTo: undefined,
    linkedChannel: undefined,
  };
}

function place(room: Room, draft: Draft, unixTime: number): Message {
  const { topic, reply_to_message: replied, date = unixTime, entities, caption_entities: marked, ...content } = draft;
  room.lastMessageId += 1;
  return {
    message_id: room.lastMessageId,
    date,
    chat: room.chat,
    ...content,
    ...(content.text !== undefined && withEntities(content.text, entities)),
    ...(content.caption !== undefined && withCaptionEntities(content.caption, marked)),
    ...thread(room, topic, replied),
  };
}

function withCaptionEntities(words: string, given: Message["entities"]): Pick<Message, "caption_entities"> {
  const { entities } = withEntities(words, given);
  return entities ? { caption_entities: entities } : {};
}

/** The entities of a text: those given, and those that Telegram finds by itself. There is no list of none. */
export function withEntities(text: string, given: Message["entities"]): Pick<Message, "text" | "entities"> {
  const entities = detectEntities(text, given ?? []);
  return entities.length > 0 ? { text, entities } : { text };
}

// In a forum each message of a topic answers the message that created the topic, unless it answers another one.
// In a supergroup without topics a reply carries the number of its thread, but is no topic message.
function thread(room: Room, topic: number | undefined, replied: Message | undefined): Partial<Message> {
  const reply = replied ? { reply_to_message: withoutReply(replied) } : {};
  if (room.chat.is_forum) {
    const id = topic ?? (replied?.is_topic_message ? replied.message_thread_id : undefined);
    if (id === undefined) return reply;
    const creation = room.posted.get(id)?.message;
    return { message_thread_id: id, is_topic_message: true, ...(creation && { reply_to_message: creation }), ...reply };
  }
  if (!replied || room.chat.type !== "supergroup") return reply;
  return { message_thread_id: replied.message_thread_id ?? replied.message_id, ...reply };
}

function withoutReply(message: Message): Message {
  const copy = { ...message };
  delete copy.reply_to_message;
  return copy;
}
