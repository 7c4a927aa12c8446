/** A person called where the evidence does not decide: the chat of the card and every admin, each until they were told. */
import type { AuditEvent, ChatLocation } from "../../margin/model/audit-event.ts";
import { calledFor } from "../../margin/reconciliation/call-person.ts";
import { lookAtEvidence } from "../../margin/reconciliation/reconcile.ts";
import { mayHear, privateChatOf } from "../messaging/recipients.ts";
import type { Text } from "../words/english.ts";
import { type HandedOver, handOver } from "./hand-over.ts";
import type { Outcome, TellingParts } from "./telling.ts";

/** Calls for the row of a review, as often as it is called for it, whom it has not reached yet. */
export type ReviewCaller = (event: AuditEvent) => Promise<Outcome>;

const DONE: Outcome = { done: true };
const SOON: Outcome = { done: false, waitMs: 0 };

/** What each chat made of the call so far. */
type Answers = Map<string, HandedOver>;

interface Call {
  readonly seq: number;
  readonly text: Text;
  readonly answers: Answers;
}

/** The words, with the evidence where it can be read now. Undefined when the outcome is no longer open, or nothing is known of it. */
async function wordsOf({ chat }: TellingParts, event: AuditEvent): Promise<Text | undefined> {
  const call = calledFor(event);
  if (call === undefined) return undefined;
  const last = (await chat.deps.events.of(call.adjustment)).at(-1);
  if (last?.step !== "unknown") return undefined;
  const looked = await lookAtEvidence(chat.deps, call.adjustment).catch(() => undefined);
  return chat.words.review(call.adjustment, call.review, looked);
}

/** Tells one chat, unless it was told or takes nothing. */
async function tellOne(
  { courier }: TellingParts,
  place: ChatLocation,
  { seq, text, answers }: Call,
): Promise<HandedOver> {
  const before = answers.get(place.chat);
  if (before !== undefined && before.kind !== "later") return before;
  const answer = await handOver(courier, place, { seq, text, extra: { replyTo: place.message } });
  answers.set(place.chat, answer);
  return answer;
}

/** The chat of the card. Where it takes nothing its asker is told in private, with what happened. */
async function tellChat(parts: TellingParts, adjustment: string, call: Call): Promise<void> {
  const { chat } = parts;
  const [first] = await chat.deps.events.of(adjustment);
  const place = chat.cards.locationOf(adjustment) ?? first?.location;
  if (first === undefined || place === undefined) return;
  const answer = mayHear(chat, place) ? await tellOne(parts, place, call) : undefined;
  const alone = privateChatOf(first.actor);
  if (answer?.kind !== "never" || alone.chat === place.chat || !mayHear(chat, alone)) return;
  await tellOne(parts, alone, { ...call, text: chat.words.inPrivate(call.text, place, answer.why) });
}

/** When to go on, from what everybody made of it: the shortest wait counts, as nobody waits for somebody else. */
function outcomeOf({ chat }: TellingParts, { seq, answers }: Call): Outcome {
  const waits = [...answers.values()].flatMap((answer) => (answer.kind === "later" ? [answer.waitMs] : []));
  if (waits.length > 0) return { done: false, waitMs: Math.min(...waits) };
  if ([...answers.values()].some(({ kind }) => kind === "told")) return DONE;
  chat.log("error", "review_undeliverable", { seq });
  answers.clear();
  return SOON;
}

/** Nobody was called by this process so far. */
export function createReviewCaller(parts: TellingParts): ReviewCaller {
  const calls = new Map<number, Answers>();
  return async (event) => {
    const text = await wordsOf(parts, event);
    const answers = calls.get(event.seq) ?? new Map();
    calls.set(event.seq, answers);
    const call = { seq: event.seq, text, answers };
    const outcome = text === undefined ? DONE : await tellAll(parts, event, { ...call, text });
    if (outcome.done) calls.delete(event.seq);
    return outcome;
  };
}

async function tellAll(parts: TellingParts, event: AuditEvent, call: Call): Promise<Outcome> {
  await tellChat(parts, calledFor(event)?.adjustment ?? "", call);
  await Promise.all(parts.chat.adminIds.map((id) => tellOne(parts, privateChatOf({ id }), call)));
  return outcomeOf(parts, call);
}
