/** What is said of outcomes that nobody knows yet, in English: the evidence, the doubt, and who decides. */
import type { FormattedString } from "@grammyjs/parse-mode";
import type { NeedsReview } from "../../margin/model/needs-review.ts";
import type { Looked } from "../../margin/reconciliation/reconcile.ts";
import type { Settling } from "../../margin/reconciliation/settle-manually.ts";
import { clock, coins } from "./figures.ts";
import { adjustmentTitle, bold, lines } from "./parts.ts";

function settling(given: Settling): FormattedString {
  switch (given.kind) {
    case "settled":
      return lines(`Settled as ${given.event.step === "applied" ? "applied" : "not applied"}.`);
    case "not_open":
      return lines("No adjustment with this id is waiting to be settled. Nothing was changed. /audit lists them.");
    case "too_early":
      return lines(
        `A late request could still arrive until ${clock(given.from)}. Nothing was changed. Settle it after that.`,
      );
    case "not_admin":
      return lines("Only admins settle. Nothing was changed.");
  }
}

const NEEDS_REVIEW: Readonly<Record<NeedsReview, string>> = {
  two_bills: "more than one bill of Bitget's fits",
  late_bill: "a bill fits, but it was written after our call had ended",
  edge_bill: "a bill fits, but it may be that of an earlier adjustment, and the position was traded meanwhile",
  contested_bill: "a bill fits, but it may be that of another adjustment of the same amount",
  bill_without_margin: "a bill fits, and the position's margin says otherwise",
  unread_bill: "a bill of Bitget's that may be the one cannot be read",
  margin_without_bill: "the margin changed, and no bill of Bitget's fits",
  position_changed: "the position changed meanwhile, and no bill of Bitget's fits",
};

function evidence(id: string, { sent, bills, unread, position: found }: Looked): FormattedString {
  const { symbol, marginCoin } = sent.adjustment.position;
  const own = bills.filter((bill) => bill.symbol === symbol && bill.coin === marginCoin).slice(0, 5);
  const now = found === undefined ? "no position" : coins(found.margin, marginCoin);
  return lines(
    `${adjustmentTitle(sent.adjustment, sent.before.baseCoin)} · sent ${clock(sent.signedAt)}`,
    `Margin before ${coins(sent.before.margin, marginCoin)}, now ${now}`,
    ...own.map((bill) => `Bill ${bill.billId}: ${bill.businessType} ${bill.amount} · ${clock(bill.cTime)}`),
    ...(own.length === 0 ? ["No bill on this symbol since then."] : []),
    ...(unread.length > 0 ? [`Bills that could not be read in full: ${unread.length}`] : []),
    `Settle with /settle ${id} applied REASON, or /settle ${id} not_applied REASON.`,
  );
}

/** What is said of an outcome that nobody knows: the evidence, the reminder, how an admin decides. */
export const settlingWords = {
  settling,
  evidence,
  /** `looked`: the evidence, where it can be read now. */
  review: (id: string, review: NeedsReview | undefined, looked: Looked | undefined): FormattedString =>
    lines(
      bold(
        `Adjustment ${id} needs a person: ${review === undefined ? "the evidence does not decide" : NEEDS_REVIEW[review]}.`,
      ),
      looked === undefined ? `The evidence cannot be read now. /settle ${id} shows it.` : evidence(id, looked),
    ),
  reminder: (id: string): FormattedString =>
    lines(
      bold(`Adjustment ${id} is still not known.`),
      `Its symbol stays locked. An admin sees the evidence with /settle ${id} and decides with a reason.`,
    ),
  settleUsage: () => lines("Type /settle ID applied REASON, or /settle ID not_applied REASON. Nothing was changed."),
};
