/** Who may talk to the bot: numeric ids only, everything else is turned away before anything is read for it. */
import type { Context, MiddlewareFn } from "grammy";
import { refuse } from "../../margin/lifecycle/propose.ts";
import { createSideline } from "../messaging/background.ts";
import { commandOf } from "../messaging/command.ts";
import type { Chat, HandlerChat, Messenger, Outside } from "../messaging/context.ts";
import { answer, post } from "../messaging/messages.ts";
import { actorOf, locationOf } from "../messaging/update-origin.ts";

/** A message that is older than this when it is read was sent while the bot was away. */
const STALE_MS = 120_000;
/** How often a stranger is answered and written down, in a window of this many ms; and how many are remembered. */
const STRANGER_TIMES_MAX = 5;
const STRANGER_WINDOW_MS = 60_000;
const STRANGERS_MAX = 1000;
/** Answers to strangers that are under way and that wait; and rows of theirs that wait to be written, one by one. */
const ANSWERS = { atOnce: 20, waitingMax: 200 };
const ROWS_MAX = 500;
/** Messages of which is said, in one process, that a press of theirs came too late to be answered. */
const LATE_MAX = 1000;

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

function isHere(ctx: Context, { groups }: Messenger): boolean {
  const type = ctx.chat?.type;
  if (type === "private") return true;
  return (type === "group" || type === "supergroup") && groups.ids.has(String(ctx.chatId));
}

/** A group that was upgraded goes on under a new id; Telegram says so in the old one and in the new one. */
function followGroup({ groups }: Messenger, { message, chatId }: Context): void {
  const { migrate_to_chat_id: to, migrate_from_chat_id: from } = message ?? {};
  if (to !== undefined) groups.moved(String(chatId), String(to));
  if (from !== undefined) groups.moved(String(from), String(chatId));
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

/** Turns strangers away, with a row where they asked for margin. Nobody waits for either. */
function createTurnAway(chat: Chat): (ctx: Outside) => void {
  // A stop waits for the rows, and not for the answers.
  const rows = createSideline(chat.background, 1, ROWS_MAX);
  const answers = createSideline((work) => void work.catch(() => undefined), ANSWERS.atOnce, ANSWERS.waitingMax);
  return (ctx) => {
    const [askedBy, location] = [actorOf(ctx), locationOf(ctx)];
    if (ctx.callbackQuery !== undefined) return void answers(() => answer(ctx, chat.words.toast.noCard));
    const words = ctx.chat?.type === "private" ? chat.words.stranger(askedBy.id) : undefined;
    const row = () => refuse(chat.deps, { askedBy, location }, { code: "not_member" }, words?.text ?? "");
    const isAttempt = commandOf(ctx) === "margin";
    if (isAttempt && !rows(async () => void (await row()))) chat.log("warn", "stranger_unrecorded");
    if (words !== undefined) answers(async () => void (await post(chat, location, words)));
  };
}

/**
 * Lets members through, in private chats and in the groups the bot works in, with what is their own. Waits for nothing,
 * so that nobody who is turned away holds up anybody.
 */
export function access(chat: Chat): MiddlewareFn<Outside> {
  const meter = createMeter(chat.deps.monotonic);
  const turnAway = createTurnAway(chat);
  return (ctx, next) => {
    followGroup(chat, ctx);
    if (!isPersonal(ctx) || !isHere(ctx, chat)) return undefined;
    const { id } = actorOf(ctx);
    if (chat.deps.roleOf(id) !== undefined) return next();
    if (meter(id)) turnAway(ctx);
    return undefined;
  };
}

/** What stops something works however late it arrives. */
async function isStale({ deps }: Chat, { message, turn }: Outside): Promise<boolean> {
  if (message === undefined || turn.urgent !== undefined) return false;
  const takenAt = (await deps.sureNow()) - (deps.monotonic() - turn.takenAt);
  return takenAt - message.date * 1000 > STALE_MS;
}

/** A press that stops something works however late it arrives, too. */
function isStop({ urgent }: Outside["turn"]): boolean {
  return urgent?.kind === "press" && urgent.action === "cancel";
}

/** Answers a press that had waited: with a message below its own where Telegram takes no answer any more, once for each. */
function createLateAnswer(chat: Chat): (ctx: Outside) => Promise<void> {
  const told = new Set<string>();
  return async (ctx) => {
    const isAnswered = await ctx.answerCallbackQuery({ text: chat.words.toast.stale }).then(
      () => true,
      () => false,
    );
    const location = locationOf(ctx);
    const key = `${location.chat}:${location.message}`;
    if (isAnswered || told.has(key) || told.size >= LATE_MAX) return;
    told.add(key);
    await post(chat, location, chat.words.stalePress(), { replyTo: location.message });
  };
}

/** Behind the admission: what was sent long before it was taken in is answered, and not executed. */
export function freshness(chat: HandlerChat): MiddlewareFn<Outside> {
  const answerLate = createLateAnswer(chat);
  return async (ctx, next) => {
    const isPress = ctx.callbackQuery !== undefined && !isStop(ctx.turn);
    if (isPress && (await chat.hadWaited(ctx.update))) return answerLate(ctx);
    if (!(await isStale(chat, ctx))) return next();
    const expected = ctx.chat?.type === "private" || commandOf(ctx) !== undefined;
    if (expected) await post(chat, locationOf(ctx), chat.words.stale(), { replyTo: locationOf(ctx).message });
  };
}
