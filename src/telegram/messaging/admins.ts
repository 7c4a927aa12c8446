/** What the admins must know, in their private chats: best effort, as they may never have written to the bot. */
import type { Text } from "../words/english.ts";
import type { Chat } from "./context.ts";
import { post } from "./messages.ts";

/** Gives whether at least one of them got it. */
export async function notifyAdmins(chat: Chat, text: Text, plain = false): Promise<boolean> {
  const places = chat.adminIds.map((id) => ({ chat: id, topic: "", message: "" }));
  const messages = await Promise.all(places.map((location) => post(chat, location, text, { plain })));
  return messages.some((message) => message !== undefined);
}
