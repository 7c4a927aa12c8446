/** What the admins must know, in their private chats: best effort, as they may never have written to the bot. */
import type { Text } from "../words/english.ts";
import type { Messenger } from "./context.ts";
import { post } from "./messages.ts";
import { privateChatOf } from "./recipients.ts";

/** Gives whether at least one of them got it. */
export async function notifyAdmins(messenger: Messenger, text: Text): Promise<boolean> {
  const places = messenger.adminIds.map((id) => privateChatOf({ id }));
  const messages = await Promise.all(places.map((location) => post(messenger, location, text)));
  return messages.some((message) => message !== undefined);
}
