/**
 * The few shapes of the Bot API that the playground speaks, written from https://core.telegram.org/bots/api
 * (section "Available types"). They are our own reading on purpose: a stand-in that shares types with the bot's
 * framework would share its mistakes.
 */

/** Section "User". */
export interface User {
  readonly id: number;
  readonly is_bot: boolean;
  readonly first_name: string;
  readonly username?: string;
  readonly language_code?: string;
}

/** Section "Chat". */
export interface Chat {
  readonly id: number;
  readonly type: "private" | "group" | "supergroup" | "channel";
  readonly title?: string;
  readonly first_name?: string;
  readonly username?: string;
  readonly is_forum?: true;
}

/** Section "MessageEntity"; offset and length in UTF-16 units. */
export interface Entity {
  readonly type: string;
  /** In UTF-16 code units, like `length`. */
  readonly offset: number;
  readonly length: number;
  readonly url?: string;
  readonly user?: User;
  readonly language?: string;
  readonly custom_emoji_id?: string;
  /** Of a `date_time`: seconds since 1970. */
  readonly unix_time?: number;
  /** Of a `date_time`: `r` (relative), or any of `w`, `d` or `D`, `t` or `T`, in this order. */
  readonly date_time_format?: string;
}

/** Section "InlineKeyboardButton". */
export interface Button {
  readonly text: string;
  readonly style?: "danger" | "success" | "primary";
  readonly callback_data?: string;
  readonly url?: string;
  readonly copy_text?: { text: string };
  readonly disabled?: Record<string, never>;
}

/** Section "InlineKeyboardMarkup", and whether a reply is asked for besides. */
export interface Keyboard {
  readonly inline_keyboard: Button[][];
  readonly force_reply?: boolean;
}

/** Section "MessageOrigin". */
export type Origin =
  | { type: "user"; date: number; sender_user: User }
  | { type: "channel"; date: number; chat: Chat; message_id: number };

/** Section "Message". */
export interface Message {
  readonly message_id: number;
  readonly date: number;
  readonly chat: Chat;
  readonly from?: User;
  readonly sender_chat?: Chat;
  readonly text?: string;
  readonly entities?: Entity[];
  readonly caption?: string;
  readonly caption_entities?: Entity[];
  readonly document?: {
    file_id: string;
    file_unique_id: string;
    file_name: string;
    mime_type: string;
    file_size: number;
  };
  readonly reply_markup?: Keyboard;
  readonly reply_to_message?: Message;
  readonly message_thread_id?: number;
  readonly is_topic_message?: true;
  edit_date?: number;
  readonly forward_origin?: Origin;
  readonly via_bot?: User;
  readonly is_automatic_forward?: true;
  readonly has_protected_content?: true;
  readonly forum_topic_created?: { name: string; icon_color: number };
  readonly new_chat_members?: User[];
  readonly left_chat_member?: User;
  readonly migrate_to_chat_id?: number;
  readonly migrate_from_chat_id?: number;
}

/** What is left of a message that was deleted or never existed: section "InaccessibleMessage". */
interface InaccessibleMessage {
  readonly chat: Chat;
  readonly message_id: number;
  readonly date: 0;
}

/** Section "CallbackQuery". */
export interface CallbackQuery {
  readonly id: string;
  readonly from: User;
  readonly message: Message | InaccessibleMessage;
  readonly chat_instance: string;
  readonly data: string;
}

/** Section "ChatMember". */
export type MemberStatus = "member" | "administrator" | "left" | "kicked";

interface MembershipChange {
  readonly chat: Chat;
  readonly from: User;
  readonly date: number;
  readonly old_chat_member: { status: MemberStatus; user: User };
  readonly new_chat_member: { status: MemberStatus; user: User };
}

/** What an update brings: one of these. */
export interface News {
  readonly message?: Message;
  readonly edited_message?: Message;
  readonly channel_post?: Message;
  readonly callback_query?: CallbackQuery;
  readonly my_chat_member?: MembershipChange;
}

/** Section "Update". */
export interface Update extends News {
  readonly update_id: number;
}

/** An answer of the Bot API that says no. */
export interface Refusal {
  ok: false;
  readonly error_code: number;
  description: string;
  readonly parameters?: { retry_after?: number; migrate_to_chat_id?: number };
}

/** An answer of the Bot API. */
export type Answer = { ok: true; result: unknown } | Refusal;

/** The answer that carries a result. */
export function accept(result: unknown): Answer {
  return { ok: true, result };
}

/** Refuses what was asked for wrongly, in words that Telegram uses. */
export function badRequest(reason: string, parameters?: Refusal["parameters"]): Refusal {
  return { ok: false, error_code: 400, description: `Bad Request: ${reason}`, ...(parameters && { parameters }) };
}

/** Refuses what the bot may not do in this chat. */
export function forbidden(reason: string): Refusal {
  return { ok: false, error_code: 403, description: `Forbidden: ${reason}` };
}

/** Refuses a poll while updates go another way. */
export function conflict(reason: string): Refusal {
  return { ok: false, error_code: 409, description: `Conflict: ${reason}` };
}

/** Whether this is a refusal and no value. */
export function isRefusal(value: object): value is Refusal {
  return "error_code" in value;
}
