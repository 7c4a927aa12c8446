/** Every method of the Bot API that this Telegram knows. */
import { type Answer, accept, badRequest, isRefusal, type User } from "../state/bot-api-types.ts";
import { changeBotStatus } from "../state/delivery.ts";
import { type Params, readFlag, readInteger, readStructure, readText } from "../state/params.ts";
import { findPosted, type Room, type Telegram } from "../state/telegram.ts";
import { deleteMessage, editMessageReplyMarkup, editMessageText, sendDocument, sendMessage } from "./messages.ts";
import { findAddressee } from "./target-chat.ts";

/** Carries out one method of the Bot API; `gone` is aborted when the caller hangs up. */
export type Method = (telegram: Telegram, params: Params, gone: AbortSignal) => Answer | Promise<Answer>;

/** The methods of the Bot API that the playground knows: section "Available methods". */
export const METHODS: Record<string, Method> = {
  getMe: (telegram) => accept(self(telegram)),
  getUpdates,
  setWebhook,
  deleteWebhook,
  getWebhookInfo,
  sendMessage,
  sendDocument,
  editMessageText,
  editMessageReplyMarkup,
  deleteMessage,
  answerCallbackQuery,
  sendChatAction,
  setMessageReaction,
  setMyCommands: (telegram, params) => telegram.commands.set(params),
  deleteMyCommands: (telegram, params) => telegram.commands.remove(params),
  getMyCommands: (telegram, params) => telegram.commands.get(params),
  setChatMenuButton: () => accept(true),
  getChat,
  getChatMember,
  leaveChat,
};

const QUERY_LIFE_MS = 15_000;
const QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid";
const WEBHOOK_PORTS = ["", "443", "80", "88", "8443"];
const CHAT_ACTIONS =
  /^(typing|upload_photo|(record|upload)_(video|voice|video_note)|upload_document|choose_sticker|find_location)$/;
// Section "ReactionTypeEmoji".
const REACTIONS = new Set(
  "👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡".split(
    " ",
  ),
);

function self(telegram: Telegram) {
  return {
    ...telegram.bot,
    can_join_groups: true,
    can_read_all_group_messages: !telegram.privacy,
    supports_inline_queries: false,
    can_connect_to_business: false,
    has_main_web_app: false,
  };
}

function getUpdates(telegram: Telegram, params: Params, gone: AbortSignal): Answer | Promise<Answer> {
  const allowed = readStructure(params, "allowed_updates");
  if (allowed && isRefusal(allowed)) return allowed;
  const seconds = Math.min(Math.max(readInteger(params, "timeout") ?? 0, 0), 50);
  const poll = {
    offset: readInteger(params, "offset") ?? 0,
    limit: Math.min(Math.max(readInteger(params, "limit") ?? 100, 1), 100),
    timeoutMs: seconds * 1000,
    ...(Array.isArray(allowed) && { allowed: allowed.map(String) }),
  };
  return telegram.updates.poll(poll, gone);
}

function setWebhook(telegram: Telegram, params: Params): Answer {
  const url = readText(params, "url");
  if (url === "") return deleteWebhook(telegram, params);
  if (!URL.canParse(url) || new URL(url).protocol !== "https:")
    return badRequest("bad webhook: An HTTPS URL must be provided for webhook");
  if (!WEBHOOK_PORTS.includes(new URL(url).port))
    return badRequest("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443");
  if (!/^[\w-]{0,256}$/.test(readText(params, "secret_token")))
    return badRequest("secret token contains unallowed characters");
  const allowed = readStructure(params, "allowed_updates");
  if (allowed && isRefusal(allowed)) return allowed;
  if (Array.isArray(allowed)) telegram.updates.allowed = allowed.map(String);
  if (readFlag(params, "drop_pending_updates")) telegram.updates.drop();
  telegram.updates.webhookUrl = url;
  return accept(true);
}

function deleteWebhook(telegram: Telegram, params: Params): Answer {
  if (readFlag(params, "drop_pending_updates")) telegram.updates.drop();
  telegram.updates.webhookUrl = "";
  return accept(true);
}

function getWebhookInfo(telegram: Telegram): Answer {
  const { updates } = telegram;
  const { allowed } = updates;
  return accept({
    url: updates.webhookUrl,
    has_custom_certificate: false,
    pending_update_count: updates.pending().length,
    ...(allowed.length > 0 && { allowed_updates: allowed }),
  });
}

function answerCallbackQuery(telegram: Telegram, params: Params): Answer {
  const words = readText(params, "text");
  if (words.length > 200) return badRequest("MESSAGE_TOO_LONG");
  const pressed = telegram.pressed.get(readText(params, "callback_query_id"));
  if (!pressed || pressed.answer || telegram.now() - pressed.at > QUERY_LIFE_MS) return badRequest(QUERY_TOO_OLD);
  pressed.answer = { text: words === "" ? undefined : words, showAlert: readFlag(params, "show_alert") };
  telegram.announce({ kind: "answer" });
  return accept(true);
}

function sendChatAction(telegram: Telegram, params: Params): Answer {
  const room = findAddressee(telegram, params);
  if (isRefusal(room)) return room;
  if (!CHAT_ACTIONS.test(readText(params, "action"))) return badRequest("wrong parameter action in request");
  telegram.announce({ kind: "typing", room, topic: readInteger(params, "message_thread_id") });
  return accept(true);
}

function setMessageReaction(telegram: Telegram, params: Params): Answer {
  const room = findAddressee(telegram, params);
  if (isRefusal(room)) return room;
  const posted = findPosted(room, readInteger(params, "message_id"));
  if (!posted) return badRequest("message to react not found");
  const given = readStructure(params, "reaction") ?? [];
  if (isRefusal(given)) return given;
  const emoji = (given as { emoji?: string }[]).map((reaction) => reaction.emoji ?? "");
  if (emoji.length > 1) return badRequest("REACTIONS_TOO_MANY");
  if (!emoji.every((one) => REACTIONS.has(one))) return badRequest("REACTION_INVALID");
  telegram.revise(room, posted, { reactions: emoji });
  return accept(true);
}

function getChat(telegram: Telegram, params: Params): Answer {
  const room = findAddressee(telegram, params);
  return isRefusal(room) ? room : accept({ ...room.chat, accent_color_id: 0, max_reaction_count: 11 });
}

function getChatMember(telegram: Telegram, params: Params): Answer {
  const room = findAddressee(telegram, params);
  if (isRefusal(room)) return room;
  const user = telegram.users.get(readInteger(params, "user_id") ?? 0);
  return user ? accept({ status: statusOf(telegram, room, user), user }) : badRequest("user not found");
}

function statusOf(telegram: Telegram, room: Room, user: User): string {
  if (user.id === telegram.bot.id) return room.botStatus;
  return room.members.has(user.id) || room.chat.id === user.id ? "member" : "left";
}

function leaveChat(telegram: Telegram, params: Params): Answer {
  const room = findAddressee(telegram, params);
  if (isRefusal(room)) return room;
  if (room.chat.type === "private") return badRequest("chat is not a group, supergroup or channel chat");
  changeBotStatus(telegram, room, telegram.bot, "left");
  return accept(true);
}
