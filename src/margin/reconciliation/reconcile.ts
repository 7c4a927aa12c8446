/** Reconcile: looks at bills and position, reading only, until the evidence decides what became of a lost answer. */
import { type AuditEvent, type Entry, NOWHERE } from "../model/audit-event.ts";
import type { Proof } from "../model/event-detail.ts";
import type { Position } from "../model/position.ts";
import { entryOf, type Subject, subjectOf } from "../model/proposal.ts";
import type { Deps } from "../ports/deps.ts";
import type { Bill, UnreadBill } from "../ports/exchange.ts";
import { readBills } from "../reads/read-bills.ts";
import { type Evidence, type Finding, judge, type Sent } from "./evidence.ts";
import { callTimesOf, findAnsweredNeighbours } from "./neighbours.ts";

/** Most pages of one look: a thousand movements in a few minutes is more than any account of people has. */
const PAGES_MAX = 10;
/** How far before the signature bills are read, in ms: clocks may differ, and which bills count is decided later. */
const MARGIN_MS = 60_000;

/** What was read, for people to decide by. */
export interface Looked {
  readonly sent: Sent;
  readonly bills: readonly Bill[];
  readonly unread: readonly UnreadBill[];
  readonly position: Position | undefined;
}

export type Reconciled =
  | { readonly kind: "settled"; readonly event: AuditEvent }
  | { readonly kind: "wait" }
  /** Nothing came of it so far. */
  | { readonly kind: "quiet" }
  /** Nothing speaks for it; one more look that says so settles it. */
  | { readonly kind: "likely_not" }
  | { readonly kind: "review"; readonly review: (Finding & { kind: "review" })["review"]; readonly looked: Looked }
  /** It is settled already, or was never sent. */
  | { readonly kind: "over" };

/** What is known of the request, from the rows of its adjustment; undefined when it is not open, or they lack it. */
function sentOf(deps: Deps, events: readonly AuditEvent[]): Sent | undefined {
  const adjustment = subjectOf(events[0])?.adjustment;
  const before = events.find((event) => event.step === "sending")?.detail.before;
  const unknown = events.at(-1);
  const { signedAt, ...times } = callTimesOf(deps, events);
  if (adjustment === undefined || before === undefined || signedAt === undefined) return undefined;
  if (unknown?.step !== "unknown") return undefined;
  return { adjustment, before, signedAt, ...times, refused: unknown.detail.refused !== undefined };
}

async function evidence(deps: Deps, sent: Sent, wasQuiet: boolean): Promise<(Evidence & Looked) | undefined> {
  const { position: key } = sent.adjustment;
  if (!deps.exchange.accounts.includes(key.account)) return undefined;
  // The position is read first: a bill that is missing from a later list was not behind what the position shows.
  const position = await deps.exchange.position(key);
  const neighbours = await findAnsweredNeighbours(deps, sent);
  const startTime = Math.min(sent.signedAt - MARGIN_MS, ...neighbours.map(({ from }) => Math.floor(from)));
  const since = { productType: key.productType, startTime };
  const { bills, unread, complete } = await readBills(deps.exchange, key.account, since, PAGES_MAX);
  if (!position.ok || !complete) return undefined;
  const claimed = await deps.billClaims.claimed(
    key.account,
    [...bills, ...unread].flatMap(({ billId }) => (billId === undefined ? [] : [billId])),
  );
  const windowOver = deps.exchange.serverNow() >= sent.signedAt + deps.rules.settleWindowMs;
  return { sent, bills, unread, claimed, neighbours, position: position.value, wasQuiet, windowOver };
}

/** The evidence as it is now, for people: undefined when it cannot be read or there is nothing open. */
export async function lookAtEvidence(deps: Deps, adjustment: string): Promise<Looked | undefined> {
  const sent = sentOf(deps, await deps.events.of(adjustment));
  return sent && evidence(deps, sent, false);
}

/** What earlier looks of this process came to. */
export interface Memory {
  /** One of them saw that nothing had come of it, after the call had ended. */
  readonly wasQuiet: boolean;
  /** The last one would have said "not applied", which needs two in a row. */
  readonly likelyNot: boolean;
}

function settledEntry(card: Subject, finding: Finding & { kind: "applied" | "not_applied" }, evidence: Proof): Entry {
  const named = { code: "evidence" };
  return finding.kind === "applied"
    ? entryOf(card, "applied", { bill: finding.bill, evidence }, named)
    : entryOf(card, "not_applied", { evidence }, named);
}

/** One look at an unknown outcome. A look that fails says nothing, and is repeated by whoever calls this. */
export async function reconcile(deps: Deps, adjustment: string, memory: Memory): Promise<Reconciled> {
  // The clocks may have moved apart since the call: that widens what counts as doubtful.
  await deps.exchange.syncClock();
  const events = await deps.events.of(adjustment);
  const sent = sentOf(deps, events);
  // Rows that lack what there is to judge by are for a person, who is reminded while it waits.
  if (sent === undefined) return { kind: events.at(-1)?.step === "unknown" ? "wait" : "over" };
  const looked = await evidence(deps, sent, memory.wasQuiet);
  if (looked === undefined) return { kind: "wait" };
  const finding = judge(sent, looked);
  if (finding.kind === "wait") return { kind: finding.quiet ? "quiet" : "wait" };
  if (finding.kind === "not_applied" && !memory.likelyNot) return { kind: "likely_not" };
  if (finding.kind === "review") return { kind: "review", review: finding.review, looked };
  const card = { adjustment: sent.adjustment, location: events[0]?.location ?? NOWHERE };
  const appended = await deps.events.append(settledEntry(card, finding, proof(looked)));
  if (appended.ok) return { kind: "settled", event: appended.event };
  // A bill that settled another adjustment meanwhile settles nothing here: the next look does without it.
  return { kind: appended.guard === "step" ? "over" : "wait" };
}

/** What is stored of the evidence: enough to check the finding later. */
export function proof({ sent, bills, position }: Looked): Proof {
  const { symbol, marginCoin } = sent.adjustment.position;
  return {
    marginBefore: sent.before.margin,
    marginNow: position?.margin ?? null,
    bills: bills
      .filter((bill) => bill.symbol === symbol && bill.coin === marginCoin)
      .slice(0, 20)
      .map(({ billId, businessType, amount, cTime }) => ({ billId, businessType, amount, cTime })),
  };
}
