/** Who acts where: the actor and the place of an update, as the audit table names them. */
import type { Context } from "grammy";
import type { Actor, ChatLocation } from "../../margin/model/audit-event.ts";

/** Longest name that is stored and shown. */
const NAME_MAX = 32;
/**
 * What leaves no mark, or turns the direction of text: control and format characters, what renderers leave out by Unicode's
 * rules (Default_Ignorable_Code_Point: the Hangul fillers, among others), and the braille pattern without dots.
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{DI}\u2800]/gu;
/** Something to see: a mark that is to sit on a letter is nothing without one. */
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}\p{Co}]/u;

/** A person's name as it may be shown: one line, nothing invisible, not endless. Without anything to see, the id. */
function displayName(user: { id: number; first_name: string; last_name?: string | undefined }): string {
  const name = [user.first_name, user.last_name].filter((part) => part !== undefined).join(" ");
  const visible = name.toWellFormed().replace(INVISIBLE, "").replace(/\s+/g, " ").trim();
  return VISIBLE.test(visible) ? [...visible].slice(0, NAME_MAX).join("") : String(user.id);
}

/**
 * Who sent the update: numeric id and the name of now. Throws where there is no person, which `access` lets not
 * happen.
 */
export function actorOf({ from }: Context): Actor {
  if (from === undefined) throw new Error("an update without a person passed the access check");
  return { id: String(from.id), name: displayName(from) };
}

/** The chat, the topic where there is one, and the message that was typed or whose button was pressed. */
export function locationOf(ctx: Context): ChatLocation {
  const { chatId, msg } = ctx;
  if (chatId === undefined) throw new Error("an update without a chat passed the access check");
  const topic = msg?.is_topic_message === true ? msg.message_thread_id : undefined;
  return { chat: String(chatId), topic: String(topic ?? ""), message: String(msg?.message_id ?? "") };
}

/** One lane and one conversation for each person in each topic of each chat. */
export function laneOf(ctx: Context): string {
  const { chat, topic } = locationOf(ctx);
  return `${chat}:${topic === "" ? "0" : topic}:${actorOf(ctx).id}`;
}
