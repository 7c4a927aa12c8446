/** A verdict told: in its chat, or where that takes nothing, to its asker in private or the admins; and what follows. */
import type { AuditEvent, ChatLocation } from "../../margin/model/audit-event.ts";
import type { Ratio } from "../../margin/model/decimal.ts";
import { present } from "../../margin/model/present.ts";
import { calledFor } from "../../margin/reconciliation/call-person.ts";
import type { EstimateCheck } from "../../margin/reports/follow-up.ts";
import { type Verdict, verdictOf } from "../../margin/reports/verdict.ts";
import { closeCard, offerAgain } from "../cards/cards.ts";
import { notifyAdmins } from "../messaging/admins.ts";
import type { Chat } from "../messaging/context.ts";
import { mayHear, privateChatOf } from "../messaging/recipients.ts";
import { type Courier, type HandedOver, handOver } from "./hand-over.ts";
import { aftermathOf } from "./verdict-additions.ts";

/** Whom the outbox tells what it has come to. */
export interface OutboxEvents {
  /** A verdict was told: its row is an anchor that people hold now. */
  verdictTold(event: AuditEvent): void;
  /** An estimated liquidation price was off by this share of what came out. */
  estimateChecked(ratio: Ratio): void;
}

/** What telling works with. */
export interface TellingParts {
  readonly chat: Chat;
  readonly courier: Courier;
  readonly events: OutboxEvents;
}

/** `done`: somebody was told, or there is nothing to tell. Else it is for later; `waitMs`: not before, where that is known. */
export type Outcome = { readonly done: true } | { readonly done: false; readonly waitMs: number };

/** Somebody was told, or there is nothing to tell. */
export const DONE: Outcome = { done: true };
/** It may be taken the next time. */
export const SOON: Outcome = { done: false, waitMs: 0 };
const LATER: HandedOver = { kind: "later", waitMs: 0 };

/** A place that takes nothing, and why: Telegram's words, or empty where the bot itself does not tell things there. */
interface Shut {
  readonly place: ChatLocation;
  readonly why: string;
}

function outcomeOf(handed: HandedOver & { kind: "told" | "later" }): Outcome {
  return handed.kind === "told" ? DONE : { done: false, waitMs: handed.waitMs };
}

function locationOf(chat: Chat, verdict: Verdict): { location: ChatLocation; replyTo: string } {
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

async function deliver({ chat, courier, events }: TellingParts, verdict: Verdict): Promise<HandedOver> {
  const { location, replyTo } = locationOf(chat, verdict);
  const { more, keyboard, check } = await aftermathOf(chat, verdict);
  const text = chat.words.verdict(verdict, more);
  const extra = { replyTo, ...present({ keyboard }) };
  const delivered = await handOver(courier, location, { seq: verdict.event.seq, text, extra });
  if (delivered.kind === "told" && check !== undefined) {
    noteEstimate(chat, verdict, check);
    events.estimateChecked(check.ratio);
  }
  return delivered;
}

/** Its asker in private, where they may hear it there and that is not the place that took nothing. */
async function tellAsker({ chat, courier }: TellingParts, verdict: Verdict, { place, why }: Shut): Promise<HandedOver> {
  const alone = privateChatOf(verdict.proposal.askedBy);
  if (alone.chat === place.chat || !mayHear(chat, alone)) return { kind: "never", why };
  const text = chat.words.inPrivate(chat.words.verdict(verdict), place, why);
  return handOver(courier, alone, { seq: verdict.event.seq, text, extra: {} });
}

/** Where its chat takes nothing, its asker is told in private, or else the admins are: a verdict must not vanish. */
async function tellElsewhere(parts: TellingParts, verdict: Verdict, shut: Shut): Promise<Outcome> {
  const { chat } = parts;
  const { seq } = verdict.event;
  chat.log("warn", "verdict_elsewhere", { seq, chat: shut.place.chat, why: shut.why });
  const asker = await tellAsker(parts, verdict, shut);
  if (asker.kind !== "never") return outcomeOf(asker);
  if (await notifyAdmins(chat, chat.words.verdictElsewhere(verdict))) return DONE;
  chat.log("error", "verdict_undeliverable", { seq });
  return SOON;
}

/** What follows a verdict that somebody was told. */
async function afterTelling(chat: Chat, verdict: Verdict, delivered: HandedOver["kind"]): Promise<void> {
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

/** Tells the verdict that this row is. */
export async function tell(parts: TellingParts, event: AuditEvent): Promise<Outcome> {
  const { chat } = parts;
  const verdict = await verdictOf(chat.deps, event.adjustment, event.seq).catch(() => "unread" as const);
  if (verdict === "unread") return SOON;
  if (verdict === undefined) return (await notifyAdmins(chat, chat.words.verdictUnread(event))) ? DONE : SOON;
  const { location } = locationOf(chat, verdict);
  // Who is no longer entitled learns nothing: what became of the adjustment is the admins' business then.
  const delivered: HandedOver = mayHear(chat, location)
    ? await deliver(parts, verdict).catch(() => LATER)
    : { kind: "never", why: "" };
  const outcome =
    delivered.kind === "never"
      ? await tellElsewhere(parts, verdict, { place: location, why: delivered.why })
      : outcomeOf(delivered);
  if (outcome.done) await afterTelling(chat, verdict, delivered.kind);
  return outcome;
}

/**
 * What a row waits in line with: with the others of its chat, which is that of the card, whatever chat its adjustment was
 * ended in. A call for a person goes to many chats, and waits for none of them.
 */
export async function deliveryLaneOf({ deps, cards, groups }: Chat, event: AuditEvent): Promise<string> {
  const call = calledFor(event);
  if (call !== undefined) return `review ${call.adjustment}`;
  const [first] = await deps.events.of(event.adjustment);
  return groups.at((cards.locationOf(event.adjustment) ?? (first ?? event).location).chat);
}
