/**
 * Verdicts out: each recorded verdict reaches its chat at least once, in order, however often Telegram fails. What is
 * still to be told stands in the database, written with the verdict itself.
 */
import { GrammyError } from "grammy";
import type { EstimateCheck } from "../margin/after.ts";
import type { AuditEvent, Place } from "../margin/trail.ts";
import { type Verdict, verdictOf } from "../margin/verdict.ts";
import { notifyAdmins } from "./admins.ts";
import { cardPlace, closeCard, offerAgain } from "./cards.ts";
import type { Chat } from "./context.ts";
import { aftermathOf } from "./next.ts";
import { faultOf, send } from "./post.ts";

/** Verdicts that one round takes on. */
const ROUND_MAX = 50;
/** Pauses after a round in which something could not be told: from, doubling, to; in ms. */
const PAUSE_MS = { least: 500, most: 60_000 };

export interface Outbox {
  /** Tells what is to be told, soon. */
  nudge(): void;
  /** Ends after the round that is under way, and one last round. */
  stop(): Promise<void>;
}

type Told = "told" | "later" | "never";

/** Telegram's no that time will not change: blocked, kicked, the chat is gone. */
function isFinal(error: unknown): boolean {
  return error instanceof GrammyError && (error.error_code === 403 || error.error_code === 400);
}

async function placeOf(chat: Chat, verdict: Verdict): Promise<{ place: Place; replyTo: string }> {
  const card = cardPlace(chat, verdict.proposal.adjustment.id);
  return { place: card ?? verdict.proposal.place, replyTo: card?.message ?? "" };
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
  chat.estimated(ratio);
}

async function deliver(chat: Chat, verdict: Verdict): Promise<Told> {
  const { place, replyTo } = await placeOf(chat, verdict);
  const { more, keyboard, check } = await aftermathOf(chat, verdict);
  const text = chat.words.verdict(verdict, more);
  const extra = keyboard === undefined ? {} : { keyboard };
  try {
    await send(chat.api, place, text, { replyTo, ...extra });
    if (check !== undefined) noteEstimate(chat, verdict, check);
    return "told";
  } catch (error) {
    const moved = error instanceof GrammyError ? error.parameters.migrate_to_chat_id : undefined;
    if (moved !== undefined) {
      // The messages stayed behind in the old group: there is nothing to reply to in the new one.
      const followed = await send(chat.api, { chat: String(moved), topic: "", message: "" }, text, extra).catch(
        isFinal,
      );
      return typeof followed === "string" ? "told" : followed ? "never" : "later";
    }
    chat.log("warn", "verdict_not_told", { seq: verdict.event.seq, fault: faultOf(error) });
    return isFinal(error) ? "never" : "later";
  }
}

async function tell(chat: Chat, event: AuditEvent): Promise<Told> {
  const verdict = await verdictOf(chat.desk, event.adjustment, event.seq).catch(() => "unread" as const);
  if (verdict === "unread") return "later";
  if (verdict === undefined) return "told";
  const told = await deliver(chat, verdict).catch((): Told => "later");
  if (told !== "later" && verdict.kind === "done" && verdict.expected !== undefined) {
    await notifyAdmins(chat, chat.words.unexpected(verdict.proposal, verdict.expected));
  }
  if (told !== "later") chat.background(closeCard(chat, event.adjustment));
  if (told === "told")
    chat.log("info", "verdict", { adjustment: event.adjustment, kind: verdict.kind, seq: event.seq });
  if (told === "told" && verdict.kind === "refused" && verdict.refusal.code === "changed") {
    chat.background(offerAgain(chat, verdict.proposal, verdict.refusal));
  }
  // Where the chat can never be reached, the admins are told in its place: a verdict must not vanish.
  if (told === "never") await notifyAdmins(chat, chat.words.verdictElsewhere(verdict));
  return told;
}

/**
 * One round: gives false when something is left for later. `said` holds what was told but could not be struck out: it
 * is not told again.
 */
async function round(chat: Chat, said: Set<number>): Promise<boolean> {
  const waiting = new Set<string>();
  const untold = await chat.desk.trail.untold(ROUND_MAX);
  for (const event of untold) {
    // In order in each chat, and for each adjustment: what is settled by hand is settled in another chat.
    const lanes = [event.place.chat, event.adjustment];
    if (lanes.some((lane) => waiting.has(lane))) continue;
    if (!said.has(event.seq) && (await tell(chat, event)) === "later") {
      for (const lane of lanes) waiting.add(lane);
      continue;
    }
    said.add(event.seq);
    await chat.desk.trail.told(event.seq);
    said.delete(event.seq);
    chat.told(event);
  }
  return waiting.size === 0 && untold.length < ROUND_MAX;
}

function failed(chat: Chat, error: unknown): false {
  chat.log("error", "outbox_failed", { fault: faultOf(error) });
  return false;
}

export function startOutbox(chat: Chat): Outbox {
  let pause = PAUSE_MS.least;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let again = false;
  let running: Promise<void> | undefined;
  const said = new Set<number>();

  async function work(): Promise<void> {
    do {
      again = false;
      const done = await round(chat, said).catch((error: unknown) => failed(chat, error));
      pause = done ? PAUSE_MS.least : Math.min(pause * 2, PAUSE_MS.most);
      if (!done && !stopped) timer = setTimeout(nudge, pause);
    } while (again);
  }

  function nudge(): void {
    clearTimeout(timer);
    again = true;
    running ??= work().finally(() => {
      running = undefined;
      if (again) nudge();
    });
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
