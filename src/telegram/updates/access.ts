/** Who may talk to the bot: numeric ids only, everything else is turned away before anything is read for it. */
import type { Context, MiddlewareFn } from "grammy";
import { refuse } from "../../margin/lifecycle/propose.ts";
import type { Chat, Outside } from "../messaging/context.ts";
import { answer, post } from "../messaging/messages.ts";
import { actorOf, locationOf } from "../messaging/update-origin.ts";

/** A message that is older than this when it is read was sent while the bot was away. */
const STALE_MS = 120_000;
/** Commands that only ever stop something: they work however late they arrive. */
const ALWAYS = /^\/(?:cancel|freeze)(?:@\w+)?(?:\s|$)/;
const COMMAND = /^\//;
/** How often a stranger is answered and written down, in a window of this many ms; and how many are remembered. */
const STRANGER_TIMES_MAX = 5;
const STRANGER_WINDOW_MS = 60_000;
const STRANGERS_MAX = 1000;

/** A real person who typed it or pressed it here: no bot, no channel, no anonymous admin, no forward, no edit. */
function isPersonal(ctx: Context): boolean {
  const { message, callbackQuery, from } = ctx;
  if (from === undefined || from.is_bot) return false;
  if (callbackQuery !== undefined) return callbackQuery.message !== undefined;
  if (message === undefined || message.sender_chat !== undefined) return false;
  return (
    message.forward_origin === undefined && message.via_bot === undefined && message.is_automatic_forward === undefined
  );
}

function isHere(ctx: Context, { chatIds }: Chat): boolean {
  const type = ctx.chat?.type;
  if (type === "private") return true;
  return (type === "group" || type === "supergroup") && chatIds.has(String(ctx.chatId));
}

/** A group that was upgraded goes on under a new id. Remembered until the next start, so the log says what to set. */
function followGroup({ log, chatIds }: Chat, ctx: Context): void {
  const moved = ctx.message?.migrate_to_chat_id;
  if (moved === undefined) return;
  chatIds.add(String(moved));
  log("warn", "group_moved_set_TELEGRAM_CHAT_IDS", { from: String(ctx.chatId), to: String(moved) });
}

/** Lets each key through a few times in a window; remembers a bounded number of keys. */
function createMeter(now: () => number): (key: string) => boolean {
  const times = new Map<string, number[]>();
  return (key) => {
    const recent = (times.get(key) ?? []).filter((at) => now() - at < STRANGER_WINDOW_MS);
    if (recent.length >= STRANGER_TIMES_MAX) return false;
    times.delete(key);
    times.set(key, [...recent, now()]);
    if (times.size > STRANGERS_MAX) times.delete(times.keys().next().value ?? "");
    return true;
  };
}

async function turnAway(chat: Chat, ctx: Outside): Promise<void> {
  const [askedBy, location] = [actorOf(ctx), locationOf(ctx)];
  if (ctx.callbackQuery !== undefined) return answer(ctx, chat.words.toast.noCard);
  const words = ctx.chat?.type === "private" ? chat.words.stranger(askedBy.id) : undefined;
  if (/^\/margin\b/.test(ctx.message?.text ?? "")) {
    await refuse(chat.deps, { askedBy, location }, { code: "not_member" }, words?.text ?? "");
  }
  if (words !== undefined) await post(chat, location, words);
}

function isStale(ctx: Context, now: number): boolean {
  const { message } = ctx;
  return message !== undefined && now - message.date * 1000 > STALE_MS && !ALWAYS.test(message.text ?? "");
}

/** Lets members through, in private chats and in the groups the bot works in, with what is fresh and their own. */
export function access(chat: Chat): MiddlewareFn<Outside> {
  const meter = createMeter(chat.deps.now);
  return async (ctx, next) => {
    if (isHere(ctx, chat)) followGroup(chat, ctx);
    if (!isPersonal(ctx) || !isHere(ctx, chat)) return;
    const { id } = actorOf(ctx);
    if (chat.deps.roleOf(id) === undefined) {
      if (meter(id)) await turnAway(chat, ctx);
    } else if (isStale(ctx, chat.deps.now())) {
      const expected = ctx.chat?.type === "private" || COMMAND.test(ctx.message?.text ?? "");
      if (expected) await post(chat, locationOf(ctx), chat.words.stale(), { replyTo: locationOf(ctx).message });
    } else {
      await next();
    }
  };
}
