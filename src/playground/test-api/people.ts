/** People in the hands of a test: what they say, press and see. */
import type { User } from "../state/bot-api-types.ts";
import { changeBotStatus } from "../state/delivery.ts";
import { type Draft, findPosted, type Pressed, type Room, type Telegram } from "../state/telegram.ts";
import { editText, originOf, press, write } from "../state/user-actions.ts";
import { type ButtonView, type MessageView, transcriptOf, viewsOf } from "../state/view.ts";
import { PATIENCE_MS, until } from "../state/wait-until.ts";
import { ANONYMOUS_ADMIN, type ChannelHandle, type ChatHandle, chatHandle, viewById } from "./chats.ts";

interface SayOptions {
  readonly replyTo?: MessageView | number;
  /** When it was written, in seconds since 1970, for a message that arrives late. */
  readonly date?: number;
  readonly viaBot?: Person;
}

/** A message, and the update that told the bot of it; undefined when the bot was not told. */
interface Said extends MessageView {
  readonly updateId: number | undefined;
}

/** A press of a button, and what came of it. */
export interface Press {
  readonly id: string;
  readonly data: string;
  readonly updateId: number | undefined;
  /** How the bot answered; waits from the moment it is read, and rejects when no answer comes. */
  readonly answered: Promise<{ text: string | undefined; showAlert: boolean }>;
}

/** A person in one chat or topic. */
interface Actor {
  readonly chat: ChatHandle;
  says(text: string, options?: SayOptions): Said;
  /** Presses the enabled button with this text on the newest message of the bot that has one. */
  presses(button: string | RegExp, options?: { message?: MessageView | number }): Press;
  /** Sends any data for any message, as a client that was tampered with can. */
  pressesData(message: MessageView | number, data: string): Press;
  edits(message: MessageView, text: string): void;
  forwards(message: MessageView, to: ChatHandle): Said;
  /** Speaks as an administrator who hides behind the group. */
  saysAnonymously(text: string, options?: SayOptions): Said;
  /** Speaks in the name of a channel. */
  saysAsChannel(text: string, channel: ChannelHandle): Said;
}

/** A person; says and presses in the private chat with the bot unless taken `in` another one. */
export interface Person extends Actor {
  readonly id: number;
  readonly user: User;
  in(chat: ChatHandle, topic?: string): Actor;
  blocksBot(): void;
  unblocksBot(): void;
}

/** Whom Telegram names as the sender of a message in the name of a channel: section "Message", `from`. */
const CHANNEL_BOT: User = { id: 136817688, is_bot: true, first_name: "Channel", username: "Channel_Bot" };

/** The handle of somebody, who writes and presses wherever they are let in. */
export function person(telegram: Telegram, user: User): Person {
  const room = privateRoom(telegram, user);
  return {
    id: user.id,
    user,
    ...actor(telegram, user, room),
    in(chat, topic) {
      const other = roomOf(telegram, chat);
      const topicId = topic === undefined ? chat.topicId : other.topics.get(topic);
      if (topic !== undefined && topicId === undefined) throw new Error(`The group has no topic “${topic}”.`);
      other.members.add(user.id);
      return actor(telegram, user, other, topicId);
    },
    blocksBot: () => changeBotStatus(telegram, room, user, "kicked"),
    unblocksBot: () => changeBotStatus(telegram, room, user, "member"),
  };
}

/** The private chat of a person with the bot, empty when they have not met. */
export function privateRoom(telegram: Telegram, user: User): Room {
  const { id, first_name, username } = user;
  const chat = { id, type: "private" as const, first_name, ...(username && { username }) };
  return telegram.rooms.get(id) ?? telegram.openRoom(chat);
}

/** The press of a button as a test sees it. */
export function pressHandle(telegram: Telegram, pressed: Pressed, updateId: number | undefined): Press {
  const { id, data } = pressed.query;
  const complaint = () => `The bot did not answer the press with the data “${data}”.`;
  return {
    id,
    data,
    updateId,
    get answered() {
      return until(telegram, () => pressed.answer, PATIENCE_MS, complaint);
    },
  };
}

function actor(telegram: Telegram, user: User, room: Room, topic?: number): Actor {
  function say(target: Room, draft: Draft): Said {
    const { message, updateId } = write(telegram, target, draft);
    return { ...viewById(telegram, target, message), updateId };
  }
  const speak = (as: Partial<Draft>, text: string, options: SayOptions = {}) =>
    say(room, { from: user, ...as, text, topic, ...details(room, options) });
  const pressData = (messageId: number, data: string) => {
    const { pressed, updateId } = press(telegram, room, user, { messageId, data });
    return pressHandle(telegram, pressed, updateId);
  };
  return {
    chat: chatHandle(telegram, room, topic),
    says: (text, options) => speak({}, text, options),
    presses(button, { message } = {}) {
      const views = viewsOf(telegram, room, topic).filter((view) => message === undefined || view.id === idOf(message));
      const found = findButton(views, button);
      return pressData(found.messageId, found.data);
    },
    pressesData: (message, data) => pressData(idOf(message), data),
    edits: (message, text) => editText(telegram, room, message.id, text),
    forwards(message, to) {
      const original = findPosted(room, message.id)?.message;
      if (!original) throw new Error(`There is no message ${message.id} to forward.`);
      const forward_origin = originOf(original);
      return say(roomOf(telegram, to), { from: user, text: message.text, topic: to.topicId, forward_origin });
    },
    saysAnonymously: (text, options) => speak({ from: ANONYMOUS_ADMIN, sender_chat: room.chat }, text, options),
    saysAsChannel: (text, channel) => speak({ from: CHANNEL_BOT, sender_chat: roomOf(telegram, channel).chat }, text),
  };
}

function details(room: Room, { replyTo, date, viaBot }: SayOptions): Partial<Draft> {
  const replied = replyTo === undefined ? undefined : findPosted(room, idOf(replyTo))?.message;
  if (replyTo !== undefined && !replied) throw new Error(`There is no message ${idOf(replyTo)} to reply to.`);
  return {
    ...(replied && { reply_to_message: replied }),
    ...(date !== undefined && { date }),
    ...(viaBot && { via_bot: viaBot.user }),
  };
}

function findButton(views: MessageView[], sought: string | RegExp): { messageId: number; data: string } {
  const matches = ({ text }: ButtonView) => (typeof sought === "string" ? text === sought : text.search(sought) >= 0);
  for (const view of views.toReversed()) {
    if (!view.byBot || view.deleted) continue;
    const button = view.buttons.flat().find((one) => one.data !== undefined && !one.disabled && matches(one));
    if (button?.data !== undefined) return { messageId: view.id, data: button.data };
  }
  throw new Error(`No message of the bot has an enabled button ${sought}:\n${transcriptOf(views)}`);
}

function roomOf(telegram: Telegram, chat: ChatHandle): Room {
  const room = telegram.rooms.get(chat.id);
  if (!room) throw new Error(`There is no chat ${chat.id}.`);
  return room;
}

function idOf(message: MessageView | number): number {
  return typeof message === "number" ? message : message.id;
}
