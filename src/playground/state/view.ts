/** A message as a person sees it. */
import type { Button, Entity, Message } from "./bot-api-types.ts";
import type { Posted, Room, Telegram } from "./telegram.ts";

/** A button as people see it. */
export interface ButtonView {
  readonly text: string;
  readonly data: string | undefined;
  readonly url: string | undefined;
  readonly copies: string | undefined;
  readonly disabled: boolean;
  readonly style: Button["style"] | undefined;
}

/** A message as a person sees it. */
export interface MessageView {
  readonly id: number;
  readonly date: number;
  readonly from: { id: number; name: string; isBot: boolean };
  /** By the bot that the playground is for. */
  readonly byBot: boolean;
  /** The text, or the caption of a document. */
  readonly text: string;
  readonly entities: Entity[];
  readonly buttons: ButtonView[][];
  readonly replyTo: number | undefined;
  readonly forwardedFrom: string | undefined;
  readonly editDate: number | undefined;
  /** The message_thread_id of its topic. */
  readonly topic: number | undefined;
  readonly deleted: boolean;
  readonly silent: boolean;
  readonly reactions: string[];
  /** Present when the bot asks for a reply to this message. */
  readonly replyBox: { selective: boolean; placeholder: string } | undefined;
  readonly document: { id: string; name: string; size: number } | undefined;
  /** What happened, for a message that no one wrote. */
  readonly service: string | undefined;
}

/** A message as people see it. */
export function viewOf(telegram: Telegram, posted: Posted): MessageView {
  const { message } = posted;
  return {
    id: message.message_id,
    date: message.date,
    from: senderOf(message),
    byBot: message.from?.id === telegram.bot.id,
    text: message.text ?? message.caption ?? "",
    entities: message.entities ?? message.caption_entities ?? [],
    buttons: (message.reply_markup?.inline_keyboard ?? []).map((row) => row.map(buttonView)),
    replyTo: repliedId(message),
    forwardedFrom: forwardedFrom(message),
    editDate: message.edit_date,
    topic: message.is_topic_message && message.message_thread_id,
    deleted: posted.deleted,
    silent: posted.silent,
    reactions: posted.reactions,
    replyBox: posted.replyBox,
    document: message.document && {
      id: message.document.file_id,
      name: message.document.file_name,
      size: message.document.file_size,
    },
    service: serviceText(message),
  };
}

/** The messages of a chat, or of one of its topics, oldest first. */
export function viewsOf(telegram: Telegram, room: Room, topic?: number): MessageView[] {
  const views = [...room.posted.values()].map((posted) => viewOf(telegram, posted));
  return topic === undefined ? views : views.filter((view) => view.topic === topic);
}

/** The messages as lines that a person can read. */
export function transcriptOf(messages: MessageView[]): string {
  return messages.map(lineOf).join("\n") || "(no messages)";
}

function lineOf(message: MessageView): string {
  const marks = [
    message.editDate !== undefined && "edited",
    message.deleted && "deleted",
    message.replyTo !== undefined && `reply to #${message.replyTo}`,
    message.topic !== undefined && `topic ${message.topic}`,
    message.document && `file ${message.document.name}`,
  ].filter(Boolean);
  const head = `#${message.id} ${message.from.name}${marks.length > 0 ? ` (${marks.join(", ")})` : ""}`;
  const rows = message.buttons.map((row) => `\n    ${row.map(buttonText).join(" ")}`);
  return `${head}: ${message.service ?? message.text.replaceAll("\n", "\n    ")}${rows.join("")}`;
}

function buttonText(button: ButtonView): string {
  return button.disabled ? `[${button.text} (disabled)]` : `[${button.text}]`;
}

function buttonView(button: Button): ButtonView {
  return {
    text: button.text,
    data: button.callback_data,
    url: button.url,
    copies: button.copy_text?.text,
    disabled: button.disabled !== undefined,
    style: button.style,
  };
}

function senderOf(message: Message): MessageView["from"] {
  const id = message.from?.id ?? message.chat.id;
  const name = message.sender_chat?.title ?? message.from?.first_name ?? message.chat.title ?? "";
  return { id, name, isBot: message.from?.is_bot ?? false };
}

// The message that opened a topic is answered by each message of the topic; nobody sees that as a reply.
function repliedId(message: Message): number | undefined {
  const replied = message.reply_to_message;
  return replied?.forum_topic_created ? undefined : replied?.message_id;
}

function forwardedFrom(message: Message): string | undefined {
  const origin = message.forward_origin;
  if (!origin) return undefined;
  return origin.type === "user" ? origin.sender_user.first_name : origin.chat.title;
}

function serviceText(message: Message): string | undefined {
  if (message.forum_topic_created) return `Topic “${message.forum_topic_created.name}” was created`;
  if (message.new_chat_members) return `${message.new_chat_members.map((user) => user.first_name).join(", ")} joined`;
  if (message.left_chat_member) return `${message.left_chat_member.first_name} left`;
  if (message.migrate_to_chat_id !== undefined) return "This group was upgraded to a supergroup";
  if (message.migrate_from_chat_id !== undefined) return "This supergroup was a group before";
  return undefined;
}
