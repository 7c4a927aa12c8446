/** Who acts where: the actor and the place of an update, as the audit table names them. */
import type { Context } from "grammy";
import type { Actor, ChatLocation } from "../../margin/model/audit-event.ts";

/** Longest name that is stored and shown. */
const NAME_MAX = 32;
/** Control characters, and the invisible ones that turn the direction of text or have no width. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A person's name as it may be shown: one line, nothing invisible, not endless. */
function displayName(user: { first_name: string; last_name?: string | undefined }): string {
  const name = [user.first_name, user.last_name].filter((part) => part !== undefined).join(" ");
  const visible = name.toWellFormed().replace(INVISIBLE, "").replace(/\s+/g, " ").trim();
  return visible === "" ? "someone" : [...visible].slice(0, NAME_MAX).join("");
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
