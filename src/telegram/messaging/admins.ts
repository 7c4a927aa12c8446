/** What the admins must know, in their private chats: best effort, as they may never have written to the bot. */
import type { Text } from "../words/english.ts";
import type { Messenger } from "./context.ts";
import { post } from "./messages.ts";

/** Gives whether at least one of them got it. */
export async function notifyAdmins(messenger: Messenger, text: Text, plain = false): Promise<boolean> {
  const places = messenger.adminIds.map((id) => ({ chat: id, topic: "", message: "" }));
  const messages = await Promise.all(places.map((location) => post(messenger, location, text, { plain })));
  return messages.some((message) => message !== undefined);
}
