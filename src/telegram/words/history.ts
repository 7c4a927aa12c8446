/** One's own adjustments, in English: the list, and one of them with every step. */
import { FormattedString } from "@grammyjs/parse-mode";
import type { Step } from "../../margin/model/adjustment.ts";
import type { AuditEvent } from "../../margin/model/audit-event.ts";
import type { HistoryFilter } from "../../margin/reports/history.ts";
import { refusalOf, rejectionOf } from "../../margin/reports/verdict.ts";
import { clock, day } from "./figures.ts";
import { lines, STEPS } from "./parts.ts";
import { refusal, rejection } from "./reasons.ts";

const FILTERS: Readonly<Record<HistoryFilter, string>> = {
  all: "All",
  done: "Done",
  not_done: "Not done",
  not_known: "Not known",
};

function what({ terms }: AuditEvent): string {
  const sign = terms.direction === "remove" ? "-" : "+";
  const amount = terms.amount === "" ? "" : `${sign}${terms.amount} ${terms.marginCoin}`;
  return [terms.symbol, terms.holdSide, amount].filter((word) => word !== "").join(" ");
}

function historyLine(event: AuditEvent): string {
  const { step, seq, hash, at } = event;
  const parts = [day(at), what(event), STEPS[step as Step], `#${seq} ${hash.slice(0, 16)}`];
  return parts.filter((part) => part !== "").join(" · ");
}

function history(events: readonly AuditEvent[], filter: HistoryFilter, page: number): FormattedString {
  if (events.length > 0) {
    const title = filter === "all" ? "Your last adjustments" : `Your last adjustments: ${FILTERS[filter]}`;
    const where = page === 0 ? "newest first" : `newest first, page ${page + 1}`;
    return lines(FormattedString.bold(`${title}, ${where}`), ...events.map(historyLine));
  }
  const none =
    filter === "all" ? "You have not adjusted anything yet." : `No adjustment of yours is here: ${FILTERS[filter]}.`;
  return lines(page === 0 ? none : "There are no older ones.");
}

/** Why nothing was changed, where that is not among what was shown. */
function whyNot(event: AuditEvent): string[] {
  if (event.step === "refused" && event.detail.shown === undefined) return [refusal(refusalOf(event))];
  if (event.step !== "rejected") return [];
  const { why, exchanged } = rejectionOf(event);
  return [rejection(why, exchanged)];
}

/** One step: who and when, what the person was shown, and the bytes that went out. */
function stepLines(event: AuditEvent): (FormattedString | string)[] {
  const { step, actor, at, code, seq, hash } = event;
  const who = actor.id === "bot" ? "bot" : actor.name;
  const why = code === "" ? "" : ` (${code})`;
  const shown = step === "proposed" || step === "refused" ? event.detail.shown : undefined;
  const body = step === "sending" ? event.detail.body : undefined;
  return [
    `${clock(at)} · ${step}${why} · ${who} · #${seq} ${hash.slice(0, 16)}`,
    ...(shown !== undefined && shown !== "" ? ["Shown:", FormattedString.blockquote(shown)] : []),
    ...whyNot(event),
    ...(body !== undefined ? ["Sent to Bitget:", FormattedString.code(body)] : []),
  ];
}

/** What is said of adjustments that were: the list, its filters, one of them with its steps. */
export const historyWords = {
  history,
  /** Every step of one adjustment, oldest first. */
  historyEntry: (events: readonly AuditEvent[]): FormattedString => {
    const [first] = events;
    const last = events.at(-1);
    if (first === undefined || last === undefined) return lines("There is no such adjustment.");
    const title = [what(first), STEPS[last.step as Step]].filter((part) => part !== "").join(" · ");
    return lines(
      FormattedString.bold(title),
      `Adjustment ${first.adjustment} · ${day(first.at)}`,
      ...events.flatMap(stepLines),
    );
  },
  historyFilter: (filter: HistoryFilter, isShown: boolean): string => `${FILTERS[filter]}${isShown ? " ✓" : ""}`,
  newerButton: "Newer",
  olderButton: "Older",
  backButton: "Back to the list",
  notYourList: "This list is somebody else's. Type /history for your own.",
};
