/** One text to one place, by somebody who can come back later: what Telegram made of it, as a value. */
import { type Api, GrammyError, type InlineKeyboard } from "grammy";
import type { ChatLocation } from "../../margin/model/audit-event.ts";
import type { Messenger } from "../messaging/context.ts";
import { faultOf } from "../messaging/errors.ts";
import { movedTo } from "../messaging/groups.ts";
import { sendText } from "../messaging/messages.ts";
import type { Text } from "../words/english.ts";

const SECOND_MS = 1000;
/** Longest words of Telegram's that are shown. */
const WORDS_MAX = 100;

/**
 * `later`: it may be taken then; `waitMs` as Telegram asks for it, 0 where it does not say. `never`: not in this place;
 * `why`: Telegram's words for that.
 */
export type HandedOver =
  | { readonly kind: "told" }
  | { readonly kind: "later"; readonly waitMs: number }
  | { readonly kind: "never"; readonly why: string };

/** What is to be handed over, and the row that it is about. */
export interface Message {
  readonly seq: number;
  readonly text: Text;
  readonly extra: { readonly keyboard?: InlineKeyboard; readonly replyTo?: string };
}

/** What a hand-over works with: `api` is told at once where a chat is throttled. */
export interface Courier extends Pick<Messenger, "log" | "groups"> {
  readonly api: Api;
}

/** What one call came to: the chat may also have moved. */
type Tried = HandedOver | { readonly kind: "moved"; readonly to: string };

/** Telegram's words without their class: `bot was kicked from the supergroup chat`. */
function wordsOf({ description }: GrammyError): string {
  return description.replace(/^(?:Bad Request|Forbidden): /, "").slice(0, WORDS_MAX);
}

function judged(error: unknown): Tried {
  if (!(error instanceof GrammyError)) return { kind: "later", waitMs: 0 };
  const to = movedTo(error);
  if (to !== undefined) return { kind: "moved", to };
  if (error.error_code === 403 || error.error_code === 400) return { kind: "never", why: wordsOf(error) };
  return { kind: "later", waitMs: (error.parameters.retry_after ?? 0) * SECOND_MS };
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

/** Hands it over, and where the chat has moved, there. */
export async function handOver(
  courier: Courier,
  shown: ChatLocation,
  { seq, text, extra }: Message,
): Promise<HandedOver> {
  // The messages stayed behind in the old group: there is nothing to reply to in the new one.
  const tryAt = (chat: string) =>
    tryOnce(courier, { chat, topic: "", message: "" }, { seq, text, extra: { ...extra, replyTo: "" } });
  const known = courier.groups.at(shown.chat);
  const tried = await (known === shown.chat ? tryOnce(courier, shown, { seq, text, extra }) : tryAt(known));
  if (tried.kind !== "moved") return tried;
  courier.groups.moved(shown.chat, tried.to);
  const there = await tryAt(tried.to);
  return there.kind === "moved" ? { kind: "later", waitMs: 0 } : there;
}
