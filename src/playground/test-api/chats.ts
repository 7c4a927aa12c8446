/** Groups, topics and channels in the hands of a test. */
import type { Message, User } from "../state/bot-api-types.ts";
import { changeBotStatus } from "../state/delivery.ts";
import type { Room, Telegram } from "../state/telegram.ts";
import { addBot, migrate, openTopics, postInChannel, removeBot, write } from "../state/user-actions.ts";
import { type MessageView, transcriptOf, viewOf, viewsOf } from "../state/view.ts";
import { PATIENCE_MS, until } from "../state/wait-until.ts";

interface WaitOptions {
  /** Looks only at messages with a greater number. */
  readonly after?: number;
  readonly timeoutMs?: number;
}

/** A chat, or one topic of a forum, as a test sees it. */
export interface ChatHandle {
  readonly id: number;
  /** The message_thread_id, when the handle is one of a topic. */
  readonly topicId: number | undefined;
  messages(): MessageView[];
  /** The newest message of the bot that still exists. */
  lastBotMessage(): MessageView | undefined;
  transcript(): string;
  /**
   * The newest message of the bot that matches, as soon as there is one: present, new or edited. To wait for an edit
   * of one message, match its id. Rejects with the transcript.
   */
  waitFor(pattern: RegExp | ((message: MessageView) => boolean), options?: WaitOptions): Promise<MessageView>;
  /** The content of a document that the bot sent. */
  file(message: MessageView): Buffer;
}

/** Somebody who may be in a group, known by their account. */
interface Member {
  readonly user: User;
}

/** A group, as a test handles it. */
export interface GroupHandle extends ChatHandle {
  topic(name: string): ChatHandle;
  joins(member: Member): void;
  leaves(member: Member): void;
  /** Adds the bot, or makes it an administrator, or an ordinary member again. */
  addBot(by: Member, status?: "member" | "administrator"): void;
  removeBot(by: Member): void;
  /** Upgrades a basic group; the old handle then stands for the dead group. */
  migrate(by: Member): GroupHandle;
  /** From now on each post of the channel is forwarded to this group by Telegram itself. */
  linkTo(channel: ChannelHandle): void;
}

/** A channel, as a test handles it. */
export interface ChannelHandle extends ChatHandle {
  posts(text: string): MessageView;
}

/** The handle of a chat, or of one of its topics. */
export function chatHandle(telegram: Telegram, room: Room, topicId?: number): ChatHandle {
  const messages = () => viewsOf(telegram, room, topicId);
  const ofBot = () => messages().filter((message) => message.byBot && !message.deleted);
  const transcript = () => transcriptOf(messages());
  return {
    id: room.chat.id,
    topicId,
    messages,
    lastBotMessage: () => ofBot().at(-1),
    transcript,
    waitFor(pattern, { after = 0, timeoutMs = PATIENCE_MS } = {}) {
      const matches = pattern instanceof RegExp ? (view: MessageView) => view.text.search(pattern) >= 0 : pattern;
      const look = () => ofBot().findLast((view) => view.id > after && matches(view));
      const sought = pattern instanceof RegExp ? String(pattern) : "what the function looks for";
      const newer = after > 0 ? ` after #${after}` : "";
      return until(
        telegram,
        look,
        timeoutMs,
        () => `No message of the bot${newer} matches ${sought}:\n${transcript()}`,
      );
    },
    file(message) {
      const content = room.posted.get(message.id)?.file;
      if (!content) throw new Error(`Message ${message.id} carries no document.`);
      return content;
    },
  };
}

/** The handle of a group. */
export function groupHandle(telegram: Telegram, room: Room): GroupHandle {
  return {
    ...chatHandle(telegram, room),
    topic(name) {
      const topicId = room.topics.get(name);
      if (topicId === undefined) throw new Error(`The group has no topic “${name}”.`);
      return chatHandle(telegram, room, topicId);
    },
    joins({ user }) {
      room.members.add(user.id);
      write(telegram, room, { from: user, new_chat_members: [user] });
    },
    leaves({ user }) {
      room.members.delete(user.id);
      write(telegram, room, { from: user, left_chat_member: user });
    },
    addBot: (by, status = "member") => addBot(telegram, room, by.user, status),
    removeBot: (by) => removeBot(telegram, room, by.user),
    migrate(by) {
      return groupHandle(telegram, migrate(telegram, room, freeGroupId(telegram, "supergroup"), by.user));
    },
    linkTo(channel) {
      room.linkedChannel = channel.id;
    },
  };
}

/** A group as it begins; members by their ids. */
export interface GroupOptions {
  readonly title: string;
  readonly id?: number;
  /** A group of the old kind, which can be migrated; it has no topics. */
  readonly basic?: boolean;
  readonly topics?: string[];
  members?: number[];
  /** False: the bot is not in it yet. */
  readonly withBot?: boolean;
}

/** Opens a group with its members and topics, and with the bot unless told otherwise. */
export function openGroup(telegram: Telegram, options: GroupOptions): Room {
  const { title, topics = [], members = [] } = options;
  const type = options.basic ? "group" : "supergroup";
  const id = options.id ?? freeGroupId(telegram, type);
  const room = telegram.openRoom({ id, type, title, ...(topics.length > 0 && { is_forum: true as const }) });
  room.members = new Set(members);
  if (options.withBot === false) room.botStatus = "left";
  openTopics(telegram, room, telegram.users.get(members[0] ?? 0) ?? ANONYMOUS_ADMIN, topics);
  return room;
}

/** Opens a channel, with the bot as an administrator. */
export function openChannel(telegram: Telegram, title: string): ChannelHandle {
  const room = telegram.openRoom({ id: freeGroupId(telegram, "channel"), type: "channel", title });
  changeBotStatus(telegram, room, ANONYMOUS_ADMIN, "administrator");
  const posts = (text: string) => viewById(telegram, room, postInChannel(telegram, room, text));
  return { ...chatHandle(telegram, room), posts };
}

/** Whom Telegram names as the sender of an administrator who hides behind the group: section "Message", `from`. */
export const ANONYMOUS_ADMIN: User = {
  id: 1087968824,
  is_bot: true,
  first_name: "Group",
  username: "GroupAnonymousBot",
};

/** A message that was just written, as people see it. */
export function viewById(telegram: Telegram, room: Room, message: Message): MessageView {
  const posted = room.posted.get(message.message_id);
  if (!posted) throw new Error(`There is no message ${message.message_id}.`);
  return viewOf(telegram, posted);
}

// Ids as Telegram gives them: basic groups below zero, supergroups and channels below -1000000000000.
function freeGroupId(telegram: Telegram, type: "group" | "supergroup" | "channel"): number {
  const base = type === "group" ? -4_000_000 : -1_002_000_000_000;
  return base - telegram.rooms.size - 1;
}
