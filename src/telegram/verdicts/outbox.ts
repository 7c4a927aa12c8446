/**
 * Verdicts out: each recorded verdict reaches its chat at least once, in order, however often Telegram fails. What is
 * still to be told stands in the database, written with the verdict itself.
 */

import { GrammyError, type InlineKeyboard } from "grammy";
import type { AuditEvent, ChatLocation } from "../../margin/model/audit-event.ts";
import type { Ratio } from "../../margin/model/decimal.ts";
import { present } from "../../margin/model/present.ts";
import type { EstimateCheck } from "../../margin/reports/follow-up.ts";
import { type Verdict, verdictOf } from "../../margin/reports/verdict.ts";
import { closeCard, offerAgain } from "../cards/cards.ts";
import { notifyAdmins } from "../messaging/admins.ts";
import type { Chat } from "../messaging/context.ts";
import { faultOf } from "../messaging/errors.ts";
import { sendText } from "../messaging/messages.ts";
import { mayHear } from "../messaging/recipients.ts";
import type { Text } from "../words/english.ts";
import { aftermathOf } from "./verdict-additions.ts";

/** Verdicts that are read at a time, and how often a round reads on. */
const PAGE = 50;
const PAGES_MAX = 200;
/** Pauses after a round in which something could not be told: from, doubling, to; in ms. */
const PAUSE_MS = { least: 500, most: 60_000 };

/** Tells verdicts that are recorded, until each was told. */
export interface Outbox {
  /** Tells what is to be told, soon. */
  nudge(): void;
  /** Ends after the round that is under way, and one last round. */
  stop(): Promise<void>;
}

/** Whom the outbox tells what it has come to. */
export interface OutboxEvents {
  /** A verdict was told: its row is an anchor that people hold now. */
  verdictTold(event: AuditEvent): void;
  /** An estimated liquidation price was off by this share of what came out. */
  estimateChecked(ratio: Ratio): void;
}

type Told = "told" | "later" | "never";

interface Parts {
  readonly chat: Chat;
  readonly events: OutboxEvents;
}

/** What one call came to. `unfit`: Telegram minds the chat or what was sent, and does not say which; or it moved. */
type Tried = "told" | "later" | "gone" | "unfit" | { readonly movedTo: ChatLocation };

interface Message {
  readonly seq: number;
  readonly text: Text;
  readonly extra: { readonly keyboard?: InlineKeyboard; readonly replyTo?: string; readonly plain?: boolean };
}

async function tryOnce(chat: Chat, location: ChatLocation, { seq, text, extra }: Message): Promise<Tried> {
  try {
    await sendText(chat.api, location, text, extra);
    return "told";
  } catch (error) {
    chat.log("warn", "verdict_not_told", { seq, fault: faultOf(error) });
    if (!(error instanceof GrammyError)) return "later";
    const moved = error.parameters.migrate_to_chat_id;
    if (moved !== undefined) return { movedTo: { chat: String(moved), topic: "", message: "" } };
    if (error.error_code === 403) return "gone";
    return error.error_code === 400 ? "unfit" : "later";
  }
}

/** At most three calls: the words as they are, the same where the chat moved to, and the bare text. */
async function handOver(chat: Chat, shown: ChatLocation, { seq, text, extra }: Message): Promise<Told> {
  let location = shown;
  let tried = await tryOnce(chat, location, { seq, text, extra });
  if (typeof tried === "object") {
    location = tried.movedTo;
    // The messages stayed behind in the old group: there is nothing to reply to in the new one.
    tried = await tryOnce(chat, location, { seq, text, extra: { ...extra, replyTo: "" } });
  }
  // A chat that takes the bare text did not mind the chat: what decides are the words, not their dress.
  if (tried === "unfit") tried = await tryOnce(chat, location, { seq, text, extra: { plain: true } });
  return tried === "told" || tried === "later" ? tried : "never";
}

async function locationOf(chat: Chat, verdict: Verdict): Promise<{ location: ChatLocation; replyTo: string }> {
  const card = chat.cards.locationOf(verdict.proposal.adjustment.id);
  return { location: card ?? verdict.proposal.location, replyTo: card?.message ?? "" };
}

/** Estimates are kept an eye on: a formula of Bitget's that changes shows here first. */
function noteEstimate(chat: Chat, { proposal }: Verdict, { estimated, found, off, ratio }: EstimateCheck): void {
  const { id, position, direction } = proposal.adjustment;
  const { productType, symbol, holdSide } = position;
  chat.log("info", "estimate", {
    adjustment: id,
    productType,
    symbol,
    holdSide,
    direction,
    estimated,
    found,
    off,
    ratio,
  });
}

async function deliver({ chat, events }: Parts, verdict: Verdict): Promise<Told> {
  const { location, replyTo } = await locationOf(chat, verdict);
  const { more, keyboard, check } = await aftermathOf(chat, verdict);
  const text = chat.words.verdict(verdict, more);
  const extra = { replyTo, ...present({ keyboard }) };
  const delivered = await handOver(chat, location, { seq: verdict.event.seq, text, extra });
  if (delivered === "told" && check !== undefined) {
    noteEstimate(chat, verdict, check);
    events.estimateChecked(check.ratio);
  }
  return delivered;
}

/** Where its chat can never be reached, the admins are told in its place: a verdict must not vanish. */
async function tellElsewhere(chat: Chat, verdict: Verdict): Promise<boolean> {
  const text = chat.words.verdictElsewhere(verdict);
  const reached = (await notifyAdmins(chat, text)) || (await notifyAdmins(chat, text, true));
  if (!reached) chat.log("error", "verdict_undeliverable", { seq: verdict.event.seq });
  return reached;
}

/** What follows a verdict that somebody was told. */
async function afterTelling(chat: Chat, verdict: Verdict, delivered: "told" | "never"): Promise<void> {
  const { kind, proposal, event } = verdict;
  if (kind === "done" && verdict.expected !== undefined) {
    await notifyAdmins(chat, chat.words.unexpected(proposal, verdict.expected));
  }
  if (delivered === "never") return;
  chat.background(closeCard(chat, event.adjustment));
  chat.log("info", "verdict", { adjustment: event.adjustment, kind, seq: event.seq });
  if (verdict.kind === "refused" && verdict.refusal.code === "changed") {
    chat.background(offerAgain(chat, proposal));
  }
}

/** True when somebody was told, or when there is nothing to tell. */
async function tell(parts: Parts, event: AuditEvent): Promise<boolean> {
  const { chat } = parts;
  const verdict = await verdictOf(chat.deps, event.adjustment, event.seq).catch(() => "unread" as const);
  if (verdict === "unread") return false;
  if (verdict === undefined) return notifyAdmins(chat, chat.words.verdictUnread(event));
  const { location } = await locationOf(chat, verdict);
  // Who is no longer entitled learns nothing: what became of the adjustment is the admins' business then.
  const delivered = mayHear(chat, location) ? await deliver(parts, verdict).catch((): Told => "later") : "never";
  if (delivered === "later" || (delivered === "never" && !(await tellElsewhere(chat, verdict)))) return false;
  await afterTelling(chat, verdict, delivered);
  return true;
}

/** What a round knows: whom it could not tell, and what was told but could not be struck out, which is not told again. */
interface Round {
  readonly waiting: Set<string>;
  readonly said: Set<number>;
}

/** False when the row could not be struck out: the table may take no writes, which is no reason to tell nobody else. */
async function markDelivered(chat: Chat, event: AuditEvent): Promise<boolean> {
  try {
    await chat.deps.outbox.markDelivered(event.seq);
    return true;
  } catch (error) {
    return failed(chat, error);
  }
}

/** False when the row is left for later. */
async function take(parts: Parts, event: AuditEvent, { waiting, said }: Round): Promise<boolean> {
  const { chat, events } = parts;
  // In order in each chat that is told, and for each adjustment: what is settled by hand is settled in another chat.
  const [first] = await chat.deps.events.of(event.adjustment);
  const delivered = chat.cards.locationOf(event.adjustment) ?? (first ?? event).location;
  const lanes = [delivered.chat, event.adjustment];
  if (lanes.some((lane) => waiting.has(lane))) return false;
  if (!said.has(event.seq) && !(await tell(parts, event))) {
    for (const lane of lanes) waiting.add(lane);
    return false;
  }
  said.add(event.seq);
  if (!(await markDelivered(chat, event))) {
    // After a restart it is told again: what comes after it must not have been told by then.
    waiting.add(event.adjustment);
    return false;
  }
  said.delete(event.seq);
  events.verdictTold(event);
  return true;
}

/**
 * One round goes through all that is untold: what waits for a chat that takes nothing costs one try, and holds up no
 * other chat. Gives false when something is left for later.
 */
async function round(parts: Parts, said: Set<number>): Promise<boolean> {
  const waiting = new Set<string>();
  let [after, done] = [0, true];
  for (let pages = 1; pages <= PAGES_MAX; pages++) {
    const pending = await parts.chat.deps.outbox.pending(PAGE, after);
    for (const event of pending) done = (await take(parts, event, { waiting, said })) && done;
    const last = pending.at(-1);
    if (last === undefined || pending.length < PAGE) return done;
    after = last.seq;
  }
  return false;
}

function failed(chat: Chat, error: unknown): false {
  chat.log("error", "outbox_failed", { fault: faultOf(error) });
  return false;
}

/** Tells from the first `nudge` on; what could not be told is tried again at growing pauses, at most a minute apart. */
export function createOutbox(chat: Chat, events: OutboxEvents): Outbox {
  let pause = PAUSE_MS.least;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let again = false;
  let running: Promise<void> | undefined;
  const said = new Set<number>();

  async function work(): Promise<void> {
    do {
      again = false;
      const done = await round({ chat, events }, said).catch((error: unknown) => failed(chat, error));
      pause = done ? PAUSE_MS.least : Math.min(pause * 2, PAUSE_MS.most);
      if (!done && !stopped) timer = setTimeout(wake, pause);
    } while (again);
  }

  function wake(): void {
    clearTimeout(timer);
    again = true;
    running ??= work().finally(() => {
      running = undefined;
      if (again) wake();
    });
  }

  function nudge(): void {
    // What is new is tried often at first, however long something old has waited.
    pause = PAUSE_MS.least;
    wake();
  }

  return {
    nudge,
    async stop() {
      stopped = true;
      nudge();
      await running;
      clearTimeout(timer);
    },
  };
}
