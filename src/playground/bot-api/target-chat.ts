/** The chat that a call is meant for, and whether the bot may write there. */
import { badRequest, type Chat, forbidden, isRefusal, type Refusal } from "../state/bot-api-types.ts";
import { type Params, readInteger, readText } from "../state/params.ts";
import type { Room, Telegram } from "../state/telegram.ts";

/** The chat of a call, as far as the bot may act in it; else Telegram's refusal. */
export function findAddressee(telegram: Telegram, params: Params): Room | Refusal {
  const room = knownChat(telegram, params);
  if (isRefusal(room)) return room;
  if (room.migratedTo !== undefined)
    return badRequest("group chat was upgraded to a supergroup chat", { migrate_to_chat_id: room.migratedTo });
  return refuseShutOut(room) ?? room;
}

function knownChat(telegram: Telegram, params: Params): Room | Refusal {
  if (readText(params, "chat_id") === "") return badRequest("chat_id is empty");
  const id = readInteger(params, "chat_id");
  if (id === undefined) return publicChat(telegram, readText(params, "chat_id")) ?? badRequest("chat not found");
  const room = telegram.rooms.get(id);
  if (room) return room;
  // A person who exists and whom the bot has never met in private.
  if (telegram.users.has(id)) return forbidden("bot can't initiate conversation with a user");
  return badRequest("chat not found");
}

function publicChat(telegram: Telegram, name: string): Room | undefined {
  const isNamed = (chat: Chat) => chat.type !== "private" && chat.username && `@${chat.username}` === name;
  return [...telegram.rooms.values()].find((room) => isNamed(room.chat));
}

function refuseShutOut(room: Room): Refusal | undefined {
  const { type } = room.chat;
  if (room.botStatus === "member" || room.botStatus === "administrator") return undefined;
  if (type === "private" && room.botStatus === "kicked") return forbidden("bot was blocked by the user");
  if (type === "private") return forbidden("bot can't initiate conversation with a user");
  if (room.botStatus === "kicked") return forbidden(`bot was kicked from the ${type} chat`);
  return forbidden(`bot is not a member of the ${type} chat`);
}
