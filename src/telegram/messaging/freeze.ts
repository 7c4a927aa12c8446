/** The kill switch as the chat works it: by people, and by the bot when it finds something wrong with itself. */
import { type Actor, BOT, type ChatLocation, NOWHERE } from "../../margin/model/audit-event.ts";
import { TableBusyError, UnwrittenError } from "../../margin/ports/audit-trail.ts";
import type { FreezeCode } from "../../margin/ports/kill-switch.ts";
import type { Text } from "../words/english.ts";
import { notifyAdmins } from "./admins.ts";
import type { Chat, HandlerChat, Outside } from "./context.ts";
import { post } from "./messages.ts";
import { actorOf, laneOf, locationOf } from "./update-origin.ts";

/** The bot freezes itself and says so to the admins, once for each reason to stand still. */
export async function engageKillSwitch(chat: Chat, code: FreezeCode): Promise<void> {
  if (chat.deps.killSwitch.frozen() !== undefined) return;
  const kept = chat.deps.killSwitch.freeze(BOT, NOWHERE, code);
  chat.log("error", "frozen", { code });
  await Promise.all([kept, notifyAdmins(chat, chat.words.frozenByBot(code))]);
  if (isUnkept(chat)) await notifyAdmins(chat, chat.words.freezeUnkept());
}

function isUnkept({ deps, log }: Chat): boolean {
  if (deps.killSwitch.isKept()) return false;
  log("error", "freeze_unkept");
  return true;
}

/** Writes the freeze down, and says so where that cannot be done. */
async function keepFreeze(chat: Chat, by: Actor, location: ChatLocation): Promise<void> {
  await chat.deps.killSwitch.keep(by, location, "asked");
  if (!isUnkept(chat)) return;
  await Promise.all([post(chat, location, chat.words.freezeUnkept()), notifyAdmins(chat, chat.words.freezeUnkept())]);
}

async function tellFrozen(chat: Chat, by: Actor, location: ChatLocation): Promise<void> {
  const text = chat.words.frozen(by);
  await Promise.all([post(chat, location, text, { replyTo: location.message }), notifyAdmins(chat, text)]);
}

/**
 * `/freeze`: by any trader, however late the message arrives. In force when this returns: what is written and what is said
 * follows, and may take as long as the table and Telegram take. Of many at once few are written and told.
 */
export function freezeCommand(chat: Chat, ctx: Outside): void {
  const [by, location, lane] = [actorOf(ctx), locationOf(ctx), laneOf(ctx)];
  chat.deps.killSwitch.pull("asked");
  chat.log("warn", "frozen", { code: "asked" });
  chat.background(chat.inTurn(`freeze:${lane}`, () => keepFreeze(chat, by, location)));
  chat.background(chat.inTurn(`frozen:${lane}`, () => tellFrozen(chat, by, location)));
}

function unwritten(error: unknown): "unwritten" {
  // A database that another program holds is none that failed, and said as what it is.
  if (error instanceof UnwrittenError && !(error instanceof TableBusyError)) return "unwritten";
  throw error;
}

/** `/unfreeze`: by an admin. */
export async function unfreezeCommand(chat: HandlerChat, ctx: Outside): Promise<void> {
  const [by, location] = [actorOf(ctx), locationOf(ctx)];
  const { words, deps } = chat;
  const say = (text: Text) => post(chat, location, text, { replyTo: location.message });
  if (deps.roleOf(by.id) !== "admin") return void (await say(words.adminsOnly()));
  const fault = chat.standingFault();
  if (fault !== undefined) return void (await say(words.frozenByBot(fault)));
  const event = await deps.killSwitch.unfreeze(by, location).catch(unwritten);
  // Its row is the test: a table that takes it takes what comes next.
  if (event === "unwritten") return void (await say(words.frozenByBot("write_failed")));
  if (event === undefined) return void (await say(words.notFrozen()));
  chat.log("warn", "unfrozen", { by: by.id });
  await say(words.unfrozen(by));
  await notifyAdmins(chat, words.unfrozen(by));
}
