/** Messages out: every text goes through here, as entities, into the right topic, and failures are values. */

import { setTimeout as pause } from "node:timers/promises";
import { type Api, GrammyError, type InlineKeyboard } from "grammy";
import type { ChatLocation } from "../../margin/model/audit-event.ts";
import { present } from "../../margin/model/present.ts";
import type { Text } from "../words/english.ts";
import type { Messenger, Outside } from "./context.ts";
import { dressed } from "./dress.ts";
import { faultOf } from "./errors.ts";
import { movedTo } from "./groups.ts";

/** Telegram's limit of a text, in UTF-16 units (Bot API, sendMessage). */
const TEXT_MAX = 4096;
const EDIT_TRIES_MAX = 3;
/** Pause before the second try of an edit, in ms; the next one is twice as long. */
const EDIT_PAUSE_MS = 500;

/** What a message out takes. */
type Sender = Pick<Messenger, "api" | "log" | "groups">;

interface Extra {
  readonly keyboard?: InlineKeyboard;
  /** The message to reply to; where it is gone, the text is sent all the same. */
  readonly replyTo?: string;
}

function content(text: Text): { text: string; entities: Text["entities"] } {
  const fitting = text.text.length > TEXT_MAX ? text.slice(0, TEXT_MAX) : text;
  return { text: fitting.text, entities: fitting.entities };
}

/** Sends a text to a place, without what Telegram minds of its dress; gives the message's id. Throws what the client throws. */
export async function sendText(api: Api, location: ChatLocation, text: Text, extra: Extra): Promise<string> {
  const { keyboard, replyTo = "" } = extra;
  const said = content(text);
  const dress = { entities: said.entities.length > 0, keyboard: keyboard !== undefined, reply: replyTo !== "" };
  const message = await dressed(dress, (worn) =>
    api.sendMessage(location.chat, said.text, {
      entities: worn.entities ? said.entities : [],
      link_preview_options: { is_disabled: true },
      ...(location.topic === "" ? {} : { message_thread_id: Number(location.topic) }),
      ...present({ reply_markup: worn.keyboard ? keyboard : undefined }),
      ...(worn.reply ? { reply_parameters: { message_id: Number(replyTo), allow_sending_without_reply: true } } : {}),
    }),
  );
  return String(message.message_id);
}

/** The same for what may get lost: undefined when it could not be sent. */
export async function post(
  { api, log, groups }: Sender,
  location: ChatLocation,
  text: Text,
  extra: Extra = {},
): Promise<string | undefined> {
  try {
    return await sendText(api, location, text, extra);
  } catch (error) {
    const to = movedTo(error);
    if (to !== undefined) groups.moved(location.chat, to);
    log("warn", "telegram_send_failed", { fault: faultOf(error) });
    return undefined;
  }
}

// Telegram's words for an edit that would change nothing (seen on the wire; it gives no code of its own).
function isUnchanged(error: unknown): boolean {
  return error instanceof GrammyError && error.description.includes("message is not modified");
}

/** Whether a failed edit may work a moment later: nobody answered, or Telegram itself had trouble. */
function isPassing(error: unknown): boolean {
  return !(error instanceof GrammyError) || error.error_code >= 500;
}

/**
 * Changes a message that the bot sent; without a keyboard its buttons go. Repeated a few times, as a card that keeps its
 * buttons invites presses. False when it could not be changed.
 */
export async function edit(
  { api, log }: Pick<Sender, "api" | "log">,
  location: ChatLocation,
  text: Text,
  keyboard?: InlineKeyboard,
): Promise<boolean> {
  const said = content(text);
  const dress = { entities: said.entities.length > 0, keyboard: keyboard !== undefined, reply: false };
  for (let tries = 1; ; tries++) {
    try {
      await dressed(dress, (worn) =>
        api.editMessageText(location.chat, Number(location.message), said.text, {
          entities: worn.entities ? said.entities : [],
          link_preview_options: { is_disabled: true },
          ...present({ reply_markup: worn.keyboard ? keyboard : undefined }),
        }),
      );
      return true;
    } catch (error) {
      if (isUnchanged(error)) return true;
      log("warn", "telegram_edit_failed", { fault: faultOf(error) });
      if (tries >= EDIT_TRIES_MAX || !isPassing(error)) return false;
      await pause(EDIT_PAUSE_MS * tries);
    }
  }
}

/** Ends the spinner of a press with a short sentence; a press that is too old to be answered is no trouble. */
export async function answer(ctx: Outside, text: string): Promise<void> {
  await ctx.answerCallbackQuery({ text }).catch(() => undefined);
}
