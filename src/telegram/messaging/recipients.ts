/** Who may be told things in a place now. */
import type { Actor, ChatLocation } from "../../margin/model/audit-event.ts";
import type { Chat } from "./context.ts";

/** A person's own chat with the bot: its id is the person's (Bot API, Chat). */
export function privateChatOf({ id }: Pick<Actor, "id">): ChatLocation {
  return { chat: id, topic: "", message: "" };
}

/**
 * Whether things may be told in a place now: to a member in private, and in a group that the bot works in. Ids of groups
 * are negative, that of a private chat is the person's own (Bot API, Chat).
 */
export function mayHear({ deps, groups }: Pick<Chat, "deps" | "groups">, { chat }: ChatLocation): boolean {
  return chat.startsWith("-") ? groups.ids.has(chat) : deps.roleOf(chat) !== undefined;
}
