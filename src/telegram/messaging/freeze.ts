/** The kill switch as the chat works it: by people, and by the bot when it finds something wrong with itself. */
import { BOT, NOWHERE } from "../../margin/model/audit-event.ts";
import type { FreezeCode } from "../../margin/ports/kill-switch.ts";
import type { Text } from "../words/english.ts";
import { notifyAdmins } from "./admins.ts";
import type { Chat, Outside } from "./context.ts";
import { post } from "./messages.ts";
import { actorOf, locationOf } from "./update-origin.ts";

/** The bot freezes itself and says so to the admins, once for each reason to stand still. */
export async function engageKillSwitch(chat: Chat, code: FreezeCode): Promise<void> {
  if (chat.deps.killSwitch.frozen() !== undefined) return;
  await chat.deps.killSwitch.freeze(BOT, NOWHERE, code);
  chat.log("error", "frozen", { code });
  await notifyAdmins(chat, chat.words.frozenByBot(code));
  if (isUnkept(chat)) await notifyAdmins(chat, chat.words.freezeUnkept());
}

function isUnkept({ deps, log }: Chat): boolean {
  if (deps.killSwitch.isKept()) return false;
  log("error", "freeze_unkept");
  return true;
}

/** `/freeze`: at once, by any trader, however late the message arrives. */
export async function freezeCommand(chat: Chat, ctx: Outside): Promise<void> {
  const [by, location] = [actorOf(ctx), locationOf(ctx)];
  await chat.deps.killSwitch.freeze(by, location, "asked");
  chat.log("warn", "frozen", { code: "asked" });
  await post(chat, location, chat.words.frozen(by), { replyTo: location.message });
  await notifyAdmins(chat, chat.words.frozen(by));
  if (!isUnkept(chat)) return;
  await post(chat, location, chat.words.freezeUnkept());
  await notifyAdmins(chat, chat.words.freezeUnkept());
}

/** `/unfreeze`: by an admin. */
export async function unfreezeCommand(chat: Chat, ctx: Outside): Promise<void> {
  const [by, location] = [actorOf(ctx), locationOf(ctx)];
  const { words, deps } = chat;
  const say = (text: Text) => post(chat, location, text, { replyTo: location.message });
  if (deps.roleOf(by.id) !== "admin") return void (await say(words.adminsOnly()));
  const fault = chat.standingFault();
  if (fault !== undefined) return void (await say(words.frozenByBot(fault)));
  const event = await deps.killSwitch.unfreeze(by, location);
  if (event === undefined) return void (await say(words.notFrozen()));
  chat.log("warn", "unfrozen", { by: by.id });
  await say(words.unfrozen(by));
  await notifyAdmins(chat, words.unfrozen(by));
}
