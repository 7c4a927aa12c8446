/** One text to one place, by somebody who can come back later: what Telegram made of it, as a value. */
import { type Api, GrammyError, type InlineKeyboard } from "grammy";
import type { ChatLocation } from "../../margin/model/audit-event.ts";
import type { Chat } from "../messaging/context.ts";
import { faultOf } from "../messaging/errors.ts";
import { sendText } from "../messaging/messages.ts";
import type { Text } from "../words/english.ts";

const SECOND_MS = 1000;

/** `later`: it may be taken then; `waitMs` as Telegram asks for it, 0 where it does not say. `never`: not in this place. */
export type HandedOver =
  | { readonly kind: "told" }
  | { readonly kind: "later"; readonly waitMs: number }
  | { readonly kind: "never" };

/** What is to be handed over, and the row that it is about. */
export interface Message {
  readonly seq: number;
  readonly text: Text;
  readonly extra: { readonly keyboard?: InlineKeyboard; readonly replyTo?: string; readonly plain?: boolean };
}

/** What a hand-over works with: `api` is told at once where a chat is throttled. */
export interface Courier {
  readonly api: Api;
  readonly log: Chat["log"];
}

/** What one call came to. `unfit`: Telegram minds the chat or what was sent, and does not say which; or it moved. */
type Tried = HandedOver | { readonly kind: "unfit" } | { readonly kind: "moved"; readonly to: ChatLocation };

function judged(error: unknown): Tried {
  if (!(error instanceof GrammyError)) return { kind: "later", waitMs: 0 };
  const { migrate_to_chat_id: moved, retry_after: seconds = 0 } = error.parameters;
  if (moved !== undefined) return { kind: "moved", to: { chat: String(moved), topic: "", message: "" } };
  if (error.error_code === 403) return { kind: "never" };
  return error.error_code === 400 ? { kind: "unfit" } : { kind: "later", waitMs: seconds * SECOND_MS };
}

async function tryOnce({ api, log }: Courier, location: ChatLocation, { seq, text, extra }: Message): Promise<Tried> {
  try {
    await sendText(api, location, text, extra);
    return { kind: "told" };
  } catch (error) {
    log("warn", "verdict_not_told", { seq, fault: faultOf(error) });
    return judged(error);
  }
}

/** At most three calls: the words as they are, the same where the chat moved to, and the bare text. */
export async function handOver(
  courier: Courier,
  shown: ChatLocation,
  { seq, text, extra }: Message,
): Promise<HandedOver> {
  let location = shown;
  let tried = await tryOnce(courier, location, { seq, text, extra });
  if (tried.kind === "moved") {
    location = tried.to;
    // The messages stayed behind in the old group: there is nothing to reply to in the new one.
    tried = await tryOnce(courier, location, { seq, text, extra: { ...extra, replyTo: "" } });
  }
  // A chat that takes the bare text did not mind the chat: what decides are the words, not their dress.
  if (tried.kind === "unfit") tried = await tryOnce(courier, location, { seq, text, extra: { plain: true } });
  return tried.kind === "told" || tried.kind === "later" ? tried : { kind: "never" };
}
