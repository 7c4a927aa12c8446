/** Which of what happens in a chat a bot gets to see. */
import type { MemberStatus, Message, User } from "./bot-api-types.ts";
import type { Room, Telegram } from "./telegram.ts";

/**
 * Tells the bot about a message, new or edited, if the bot may know of it. Returns the id of the update.
 *
 * Other people's bots are heard like people. Telegram mostly keeps them away from a bot; that ours ignores them is
 * worth a test.
 */
export function deliver(telegram: Telegram, room: Room, kind: "message" | "edited_message", message: Message) {
  if (room.botStatus === "left" || room.botStatus === "kicked") return undefined;
  if (!isVisible(telegram, room, message)) return undefined;
  return telegram.updates.push({ [kind]: message });
}

/** Changes what the bot is in a chat, and tells it, also when it is shut out: section "Update", `my_chat_member`. */
export function changeBotStatus(telegram: Telegram, room: Room, from: User, status: MemberStatus): void {
  const old = room.botStatus;
  if (old === status) return;
  room.botStatus = status;
  telegram.updates.push({
    my_chat_member: {
      chat: room.chat,
      from,
      date: telegram.unixTime(),
      old_chat_member: { status: old, user: telegram.bot },
      new_chat_member: { status, user: telegram.bot },
    },
  });
}

// https://core.telegram.org/bots/features#privacy-mode : in groups a bot hears commands that are meant for it or for
// nobody in particular, replies to its own messages, messages sent with its help and service messages. An administrator
// hears everything.
function isVisible(telegram: Telegram, room: Room, message: Message): boolean {
  if (room.chat.type === "private" || !telegram.privacy || room.botStatus === "administrator") return true;
  if (message.text === undefined && message.caption === undefined) return true;
  if (message.reply_to_message?.from?.id === telegram.bot.id) return true;
  if (message.via_bot?.id === telegram.bot.id) return true;
  return isCommandFor(telegram.bot, message);
}

function isCommandFor(bot: User, message: Message): boolean {
  const first = message.entities?.[0];
  if (first?.type !== "bot_command" || first.offset !== 0) return false;
  const addressee = message.text?.slice(0, first.length).split("@")[1];
  return addressee === undefined || addressee.toLowerCase() === bot.username?.toLowerCase();
}
