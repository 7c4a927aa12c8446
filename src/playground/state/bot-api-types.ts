/**
 * The few shapes of the Bot API that the playground speaks, written from https://core.telegram.org/bots/api
 * (section "Available types"). They are our own reading on purpose: a stand-in that shares types with the bot's
 * framework would share its mistakes.
 */

export type User = {
  id: number;
  is_bot: boolean;
  first_name: string;
  username?: string;
  language_code?: string;
};

export type Chat = {
  id: number;
  type: "private" | "group" | "supergroup" | "channel";
  title?: string;
  first_name?: string;
  username?: string;
  is_forum?: true;
};

export type Entity = {
  type: string;
  /** In UTF-16 code units, like `length`. */
  offset: number;
  length: number;
  url?: string;
  user?: User;
  language?: string;
  custom_emoji_id?: string;
  /** Of a `date_time`: seconds since 1970. */
  unix_time?: number;
  /** Of a `date_time`: `r` (relative), or any of `w`, `d` or `D`, `t` or `T`, in this order. */
  date_time_format?: string;
};

export type Button = {
  text: string;
  style?: "danger" | "success" | "primary";
  callback_data?: string;
  url?: string;
  copy_text?: { text: string };
  disabled?: Record<string, never>;
};

export type Keyboard = { inline_keyboard: Button[][]; force_reply?: boolean };

export type Origin =
  | { type: "user"; date: number; sender_user: User }
  | { type: "channel"; date: number; chat: Chat; message_id: number };

export type Message = {
  message_id: number;
  date: number;
  chat: Chat;
  from?: User;
  sender_chat?: Chat;
  text?: string;
  entities?: Entity[];
  caption?: string;
  caption_entities?: Entity[];
  document?: { file_id: string; file_unique_id: string; file_name: string; mime_type: string; file_size: number };
  reply_markup?: Keyboard;
  reply_to_message?: Message;
  message_thread_id?: number;
  is_topic_message?: true;
  edit_date?: number;
  forward_origin?: Origin;
  via_bot?: User;
  is_automatic_forward?: true;
  has_protected_content?: true;
  forum_topic_created?: { name: string; icon_color: number };
  new_chat_members?: User[];
  left_chat_member?: User;
  migrate_to_chat_id?: number;
  migrate_from_chat_id?: number;
};

/** What is left of a message that was deleted or never existed: section "InaccessibleMessage". */
type InaccessibleMessage = { chat: Chat; message_id: number; date: 0 };

export type CallbackQuery = {
  id: string;
  from: User;
  message: Message | InaccessibleMessage;
  chat_instance: string;
  data: string;
};

export type MemberStatus = "member" | "administrator" | "left" | "kicked";

type MembershipChange = {
  chat: Chat;
  from: User;
  date: number;
  old_chat_member: { status: MemberStatus; user: User };
  new_chat_member: { status: MemberStatus; user: User };
};

export type News = {
  message?: Message;
  edited_message?: Message;
  channel_post?: Message;
  callback_query?: CallbackQuery;
  my_chat_member?: MembershipChange;
};

export type Update = { update_id: number } & News;

export type Refusal = {
  ok: false;
  error_code: number;
  description: string;
  parameters?: { retry_after?: number; migrate_to_chat_id?: number };
};

export type Answer = { ok: true; result: unknown } | Refusal;

export function accept(result: unknown): Answer {
  return { ok: true, result };
}

export function badRequest(reason: string, parameters?: Refusal["parameters"]): Refusal {
  return { ok: false, error_code: 400, description: `Bad Request: ${reason}`, ...(parameters && { parameters }) };
}

export function forbidden(reason: string): Refusal {
  return { ok: false, error_code: 403, description: `Forbidden: ${reason}` };
}

export function conflict(reason: string): Refusal {
  return { ok: false, error_code: 409, description: `Conflict: ${reason}` };
}

export function isRefusal(value: object): value is Refusal {
  return "error_code" in value;
}
