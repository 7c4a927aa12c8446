/** The commands: answered while a conversation waits, too, as they are installed before it. */
import { Composer } from "grammy";
import { lookAtEvidence } from "../margin/reconciliation/reconcile.ts";
import { settleByHand } from "../margin/reconciliation/settle-manually.ts";
import { callbackData } from "./messaging/callback-data.ts";
import type { Chat, HandlerChat, Outside } from "./messaging/context.ts";
import { unfreezeCommand } from "./messaging/freeze.ts";
import { post } from "./messaging/messages.ts";
import { actorOf, locationOf } from "./messaging/update-origin.ts";
import { nextGate } from "./verdicts/follow-up-buttons.ts";
import { historyCommand, historyPresses } from "./views/history.ts";
import { positionsCommand } from "./views/positions.ts";
import { repeatCommand } from "./views/repeat.ts";
import { whatIfCommand } from "./views/whatif.ts";
import type { Text } from "./words/english.ts";

/** Rows that a list in the chat shows. */
const LIST_MAX = 10;
const SETTLE = /^(\S+)\s+(applied|not_applied)\s+(\S.{0,199})$/s;

async function say(chat: Chat, ctx: Outside, text: Text): Promise<void> {
  const location = locationOf(ctx);
  await post(chat, location, text, { replyTo: location.message });
}

async function settleCommand(chat: HandlerChat, ctx: Outside, typed: string): Promise<void> {
  const [alone] = /^[a-z0-9]{1,20}$/.exec(typed.trim()) ?? [];
  if (alone !== undefined) return evidenceCommand(chat, ctx, alone);
  const [, id, outcome, reason] = SETTLE.exec(typed.trim()) ?? [];
  if (id === undefined || outcome === undefined || reason === undefined)
    return say(chat, ctx, chat.words.settleUsage());
  const decision = {
    id,
    outcome: outcome as "applied" | "not_applied",
    reason,
    by: actorOf(ctx),
    location: locationOf(ctx),
  };
  const looked = chat.deps.roleOf(decision.by.id) === "admin" ? await lookAtEvidence(chat.deps, id) : undefined;
  // What is settled by hand is settled in sight of the evidence.
  if (looked !== undefined) await say(chat, ctx, chat.words.evidence(id, looked));
  // It cannot be taken back: whoever cancelled while this looked did not want it.
  if (ctx.turn.isCalledOff()) return;
  const settling = await settleByHand(chat.deps, decision);
  await say(chat, ctx, chat.words.settling(settling));
  if (settling.kind === "settled") chat.outbox.nudge();
}

/** `/settle ID` alone shows what there is to decide by. */
async function evidenceCommand(chat: Chat, ctx: Outside, id: string): Promise<void> {
  if (chat.deps.roleOf(actorOf(ctx).id) !== "admin") return say(chat, ctx, chat.words.adminsOnly());
  const looked = await lookAtEvidence(chat.deps, id);
  await say(chat, ctx, looked === undefined ? chat.words.settleUsage() : chat.words.evidence(id, looked));
}

async function auditCommand(chat: Chat, ctx: Outside): Promise<void> {
  const isAdmin = chat.deps.roleOf(actorOf(ctx).id) === "admin";
  const { adminsOnly, audit } = chat.words;
  await say(chat, ctx, isAdmin ? audit(await chat.deps.projections.recent({ limit: LIST_MAX })) : adminsOnly());
}

/** Handlers of the commands that stop nothing. */
export function commands(chat: HandlerChat): Composer<Outside> {
  const { words } = chat;
  const composer = new Composer<Outside>();
  composer.command("start", (ctx) => say(chat, ctx, words.start(actorOf(ctx).name)));
  composer.command("help", (ctx) => say(chat, ctx, words.help()));
  // A second /margin begins anew: the conversation that waits would swallow it.
  composer.command("margin", async (ctx, next) => {
    await ctx.conversation.exitAll();
    await next();
  });
  // The buttons of a position and of a verdict begin anew, too.
  composer.on("callback_query:data", async (ctx, next) => {
    if (callbackData.position.decode(ctx.callbackQuery.data) !== undefined) await ctx.conversation.exitAll();
    await next();
  });
  composer.use(nextGate(chat));
  composer.command("positions", (ctx) => positionsCommand(chat, ctx));
  composer.command("history", (ctx) => historyCommand(chat, ctx));
  composer.use(historyPresses(chat));
  composer.command("whatif", (ctx) => whatIfCommand(chat, ctx, ctx.match));
  composer.command("repeat", (ctx) => repeatCommand(chat, ctx));
  composer.command("unfreeze", (ctx) => unfreezeCommand(chat, ctx));
  composer.command("audit", (ctx) => auditCommand(chat, ctx));
  composer.command("settle", (ctx) => settleCommand(chat, ctx, ctx.match));
  return composer;
}
