/** What became of an adjustment, in English: the verdict, which says no more than is known. */
import type { FormattedString } from "@grammyjs/parse-mode";
import type { MarginAdjustment, Step } from "../../margin/model/adjustment.ts";
import type { AuditEvent, ChatLocation } from "../../margin/model/audit-event.ts";
import type { Amount } from "../../margin/model/decimal.ts";
import type { Proposal } from "../../margin/model/proposal.ts";
import type { DoubtfulRefusal } from "../../margin/model/rejection.ts";
import type { After, Verdict } from "../../margin/reports/verdict.ts";
import { coins } from "./figures.ts";
import {
  adjustmentTitle,
  anchor,
  awayFromIt,
  bold,
  lines,
  liquidationPrice,
  placeName,
  positionName,
} from "./parts.ts";
import { bitgetAnswered, refusal, rejection } from "./reasons.ts";

function after(adjustment: MarginAdjustment, found: After): string {
  const { symbol, marginCoin } = adjustment.position;
  if (found === "gone") return `${symbol} has no such open position any more.`;
  if (found === undefined) return `The new margin of ${symbol} could not be read yet. Look at /positions.`;
  const { liquidationPrice: level, margin, holdSide, pricePlaces } = found;
  const now = `Margin is now ${coins(margin, marginCoin)}.`;
  if (found.liquidationUnread) return `${now}\nThe liquidation price could not be read.`;
  if (level === undefined) return `${now}\nThere is no liquidation price now.`;
  return `${now}\nLiquidation is now ${liquidationPrice(holdSide, level, pricePlaces)}, ${awayFromIt(found)}.`;
}

function past({ direction, amount, position: { marginCoin } }: MarginAdjustment): string {
  return direction === "add" ? `added ${amount} ${marginCoin} to` : `removed ${amount} ${marginCoin} from`;
}

/** `more`: lines that go before the anchor, which ends every verdict. */
function verdict(given: Verdict, more: readonly string[] = []): FormattedString {
  const { proposal, event } = given;
  const { adjustment, seen } = proposal;
  const where = positionName(seen.baseCoin, adjustment.position.holdSide);
  switch (given.kind) {
    case "done":
      return lines(
        bold(`Done: ${past(adjustment)} ${where}.`),
        after(adjustment, given.after),
        ...unexpected(given),
        ...more,
        anchor(event),
      );
    case "refused":
      return lines(bold(`Not done: nothing was changed on ${where}.`), refusal(given.refusal), anchor(event));
    case "rejected":
      return lines(
        bold(`Not done: nothing was changed on ${where}.`),
        rejection(given.why, given.exchanged),
        anchor(event),
      );
    case "unknown":
      return lines(
        bold(`Not known yet: ${whyUnknown(given)}.`),
        ...said(given),
        lost(adjustment, where),
        anchor(event),
      );
    case "settled": {
      const by = given.reason === undefined ? settledBy(given) : `Settled by ${event.actor.name}: ${given.reason}`;
      const first = given.applied
        ? `Done: ${past(adjustment)} ${where}.`
        : `Not done: nothing was changed on ${where}.`;
      const figures = given.applied ? [after(adjustment, given.after)] : [];
      return lines(bold(first), by, ...figures, ...more, anchor(event));
    }
  }
}

const REFUSED: Readonly<Record<DoubtfulRefusal["position"], string>> = {
  differs: "Bitget refused it, but the position is not as it was before sending",
  gone: "Bitget refused it, and the position is gone",
  unread: "Bitget refused it, and the position cannot be read to be sure",
};

function whyUnknown({ restart, refused, exchanged }: Verdict & { kind: "unknown" }): string {
  if (restart) return "the bot restarted before the answer";
  if (refused !== undefined) return REFUSED[refused.position];
  const isLost = exchanged.code === undefined && exchanged.httpStatus === undefined;
  return isLost ? "the answer from Bitget was lost" : "Bitget's answer does not say what was done";
}

/** Bitget's code and words, or the HTTP status of an answer without them. */
function said({ exchanged: { code, message, httpStatus } }: Verdict & { kind: "unknown" }): string[] {
  if (code !== undefined) return [`${bitgetAnswered(code, message)}.`];
  return httpStatus === undefined ? [] : [`HTTP ${httpStatus}, and no answer that can be read.`];
}

function unexpected({ proposal, expected }: Verdict & { kind: "done" }): string[] {
  if (expected === undefined) return [];
  return [
    `It should be ${coins(expected, proposal.adjustment.position.marginCoin)}: this needs a person. Look at Bitget's bills.`,
  ];
}

function settledBy({ seen, refused, applied }: Verdict & { kind: "settled" }): string {
  const witnesses = `bills${seen ? " and the position" : ""}`;
  if (!refused) return `Settled: Bitget's ${witnesses} say so.`;
  if (!applied) return "Settled: Bitget refused it, and no bill of Bitget's says otherwise.";
  return [
    `Settled: Bitget refused it, yet its ${witnesses} show that it was done: the request was delivered twice.`,
    "Or somebody made the very same change elsewhere in that moment. Then it is theirs: do not undo it.",
  ].join("\n");
}

function lost(adjustment: MarginAdjustment, where: string): string {
  return [
    `It may or may not have ${past(adjustment)} ${where}. Do not repeat it: nothing is sent again by itself.`,
    `${adjustment.position.symbol} is locked for margin changes until adjustment ${adjustment.id} is settled.`,
  ].join("\n");
}

/** What is known of an adjustment whose last row is not written yet: where it would stand. */
const KNOWN: Readonly<Partial<Record<Step, string>>> = {
  accepted: "Done. Bitget accepted it",
  rejected: "Not done. Bitget refused it, and nothing was changed",
  unknown: "Not known yet. Bitget may or may not have done it",
};

/** No verdict, as it has no row and so no anchor: it goes ahead of one, so that nobody does it again meanwhile. */
function unwritten({ adjustment, seen }: Proposal, step: Step | undefined, isBusy: boolean): FormattedString {
  const known = (step && KNOWN[step]) ?? "Not done. Nothing was sent";
  const why = isBusy ? "another program holds the bot's database" : "the bot's database takes no rows just now";
  return lines(
    bold(`Not written down yet: ${adjustmentTitle(adjustment, seen.baseCoin)}.`),
    `${known}. But ${why}, so there is no row of it yet: I keep trying, and tell you again when it is there.`,
    "Do not do it again.",
  );
}

/** Verdicts: each begins with `Done`, `Not done` or `Not known yet`, and ends with its anchor. */
export const verdictWords = {
  verdict,
  unwritten,
  /** Of an adjustment whose card cannot be read from its row any more: for admins, as nobody knows whom to tell. */
  verdictUnread: (event: AuditEvent): FormattedString =>
    lines(
      bold(`Adjustment ${event.adjustment} on ${event.terms.symbol} ended as ${event.step}.`),
      "The row of its card cannot be read in full, so whoever asked for it was not told. Look at it with /audit.",
      anchor(event),
    ),
  /** For the asker alone; `why`: what Telegram said of the place that it was for, empty where the bot does not serve it. */
  inPrivate: (text: FormattedString, place: ChatLocation, why: string): FormattedString =>
    lines(
      `I could not say this where you asked, in ${placeName(place)}: ${why === "" ? "I do not work there now" : why}.`,
      text,
    ),
  verdictElsewhere: (given: Verdict): FormattedString =>
    lines(`For ${given.proposal.askedBy.name}, who could not be told:`, verdict(given)),
  unexpected: ({ adjustment, seen }: Proposal, expected: Amount): FormattedString => {
    const { holdSide, marginCoin } = adjustment.position;
    const should = `the margin of ${positionName(seen.baseCoin, holdSide)} should be ${coins(expected, marginCoin)}`;
    return lines(`Adjustment ${adjustment.id} needs a person: ${should}, and it is not. Look at Bitget's bills.`);
  },
};
