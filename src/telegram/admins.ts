/** What the admins must know, in their private chats: best effort, as they may never have written to the bot. */
import type { Chat } from "./context.ts";
import { post } from "./post.ts";
import type { Text } from "./words/english.ts";

export async function notifyAdmins(chat: Chat, text: Text): Promise<void> {
  await Promise.all(chat.adminIds.map((id) => post(chat, { chat: id, topic: "", message: "" }, text)));
}
