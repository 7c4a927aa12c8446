/** Everything the bot says, in English. A further language is one more object of type `Words`. */
import { FormattedString } from "@grammyjs/parse-mode";
import type { Direction, MarginAdjustment, Step } from "../../margin/adjustment.ts";
import { type Amount, abs, type Price, subtract } from "../../margin/decimal.ts";
import type { Doubt } from "../../margin/evidence.ts";
import type { FreezeCode } from "../../margin/freeze.ts";
import type { Position } from "../../margin/position.ts";
import { distance, freeAfter, marginAfter } from "../../margin/preview.ts";
import type { Proposal } from "../../margin/proposal.ts";
import type { ResolveFault } from "../../margin/reading-resolve.ts";
import type { Fault, Wish } from "../../margin/reading-wish.ts";
import type { Looked } from "../../margin/reconcile.ts";
import type { Refusal } from "../../margin/refusal.ts";
import type { Settling } from "../../margin/settle.ts";
import type { Actor, AuditEvent } from "../../margin/trail.ts";
import type { Verdict } from "../../margin/verdict.ts";
import { afterWords } from "./after.ts";
import { clock, coins, day, figure, percent, price, times } from "./figures.ts";
import { historyWords } from "./history.ts";
import { listWords } from "./lists.ts";
import { lines, liquidationPrice, positionName, STEPS } from "./parts.ts";
import { refusal, rejection } from "./reasons.ts";
import { amountFault, howLines, lineFault, resolveFault, wishButton } from "./typing.ts";
import { whatIfWords } from "./whatif.ts";

/** Text with its entities: never markup, so that nothing anybody typed can change how it is read. */
export type Text = FormattedString;

const text = (plain: string): Text => new FormattedString(plain);
const bold = (plain: string): Text => FormattedString.bold(plain);

const MODES: Readonly<Record<string, string>> = {
  paper: "PAPER (play money)",
  demo: "DEMO (Bitget's play money)",
  live: "LIVE (real money)",
};

function account(name: string): string {
  const [, mode = "", label = ""] = name.split(":");
  return `Account ${label} · ${MODES[mode] ?? mode}`;
}

/** The whole deed, as the button says it: `Add 50 USDT · BTC long`. */
function deed({ direction, amount, position: key }: MarginAdjustment, baseCoin: string): string {
  const verb = direction === "add" ? "Add" : "Remove";
  return `${verb} ${amount} ${key.marginCoin} · ${positionName(baseCoin, key.holdSide)}`;
}

function card(proposal: Proposal): Text {
  const [read, expires] = [proposal.seen.at, proposal.expiresAt].map((at) => clock(at).replace(" UTC", ""));
  const expiry = FormattedString.time(expires ?? "", Math.floor(proposal.expiresAt / 1000), "r");
  return lines(figures(proposal), FormattedString.join([`Read ${read}, expires `, expiry]));
}

function figures(proposal: Proposal): Text {
  const { adjustment, askedBy, seen } = proposal;
  const { marginCoin, symbol } = adjustment.position;
  return lines(
    bold(deed(adjustment, seen.baseCoin)),
    `${symbol} · asked by ${askedBy.name}`,
    account(adjustment.position.account),
    ...howLines(proposal.how, proposal.cutFrom, marginCoin),
    `Margin ${figure(seen.margin, 4)} → ${coins(marginAfter(seen.margin, adjustment), marginCoin)}`,
    ...risk(proposal),
    `Free ${figure(seen.free, 4)} → ${coins(freeAfter(seen.free, adjustment), marginCoin)}`,
    `Mark price ${price(seen.markPrice)}`,
  );
}

/** Liquidation, distance and leverage, before and after: the left side is Bitget's, the right side an estimate. */
function risk({ adjustment, seen, change }: Proposal): string[] {
  const { holdSide } = adjustment.position;
  const now = liquidationPrice(holdSide, seen.liquidationPrice, seen.pricePlaces);
  const after = change?.after;
  if (change === undefined || after === undefined || after.liquidation.kind === "not_estimated") {
    const away = percent(distance(seen.markPrice, seen.liquidationPrice));
    return [`Liquidation ${now}, ${away} away`, "Afterwards: not estimated"];
  }
  const next = after.liquidation.kind === "none" ? undefined : after.liquidation.price;
  return [
    `Liquidation ${now} → ${liquidationPrice(holdSide, next, seen.pricePlaces)} est.`,
    `Distance ${percent(change.before.distance)} → ${percent(after.distance)}`,
    `Leverage ${times(change.before.leverage)} → ${times(after.leverage)}`,
    ...closer(adjustment, seen.liquidationPrice, next),
  ];
}

/** What a removal brings on: how much nearer liquidation comes. */
function closer({ direction }: MarginAdjustment, before: Price | undefined, after: Price | undefined): string[] {
  if (direction === "add" || after === undefined) return [];
  return [
    before === undefined
      ? "There will be a liquidation price"
      : `Comes closer by ${price(abs(subtract(before, after)))}`,
  ];
}

function anchor(event: AuditEvent): string {
  return `#${event.seq} ${event.hash.slice(0, 16)}`;
}

function after(adjustment: MarginAdjustment, found: Position | undefined): string {
  const { symbol, marginCoin } = adjustment.position;
  if (found === undefined) return `The new margin of ${symbol} could not be read yet. Look at /positions.`;
  const { liquidationPrice: level, margin, markPrice, holdSide, pricePlaces } = found;
  return [
    `Margin is now ${coins(margin, marginCoin)}.`,
    `Liquidation is now ${liquidationPrice(holdSide, level, pricePlaces)}, ${percent(distance(markPrice, level))} away.`,
  ].join("\n");
}

function past({ direction, amount, position: { marginCoin } }: MarginAdjustment): string {
  return direction === "add" ? `added ${amount} ${marginCoin} to` : `removed ${amount} ${marginCoin} from`;
}

/** `more`: lines that go before the anchor, which ends every verdict. */
function verdict(given: Verdict, more: readonly string[] = []): Text {
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
    case "unknown": {
      const why = given.restart ? "the bot restarted before the answer" : "the answer from Bitget was lost";
      return lines(bold(`Not known yet: ${why}.`), lost(adjustment, where), anchor(event));
    }
    case "settled": {
      const by = given.reason === undefined ? SETTLED_BY_EVIDENCE : `Settled by ${event.actor.name}: ${given.reason}`;
      const first = given.applied
        ? `Done: ${past(adjustment)} ${where}.`
        : `Not done: nothing was changed on ${where}.`;
      const figures = given.applied ? [after(adjustment, given.after)] : [];
      return lines(bold(first), by, ...figures, ...more, anchor(event));
    }
  }
}

function unexpected({ proposal, expected }: Verdict & { kind: "done" }): string[] {
  if (expected === undefined) return [];
  return [
    `It should be ${coins(expected, proposal.adjustment.position.marginCoin)}: this needs a person. Look at Bitget's bills.`,
  ];
}

const SETTLED_BY_EVIDENCE = "The lost answer is settled: Bitget's bills and the position say so.";

function lost(adjustment: MarginAdjustment, where: string): string {
  return [
    `It may or may not have ${past(adjustment)} ${where}. Do not repeat it: nothing is sent again by itself.`,
    `${adjustment.position.symbol} is locked for margin changes until adjustment ${adjustment.id} is settled.`,
  ].join("\n");
}

function settling(given: Settling): Text {
  switch (given.kind) {
    case "settled":
      return text(`Settled as ${given.event.step === "applied" ? "applied" : "not applied"}.`);
    case "not_open":
      return text("No adjustment with this id is waiting to be settled. Nothing was changed. /audit lists them.");
    case "too_early":
      return text(
        `A late request could still arrive until ${clock(given.from)}. Nothing was changed. Settle it after that.`,
      );
    case "not_admin":
      return text("Only admins settle. Nothing was changed.");
  }
}

const DOUBTS: Readonly<Record<Doubt, string>> = {
  two_bills: "more than one bill of Bitget's fits",
  late_bill: "a bill fits, but it was written after our call had ended",
  edge_bill: "a bill fits, but it may be that of an earlier deed, and the position was traded meanwhile",
  bill_without_margin: "a bill fits, and the position's margin says otherwise",
  margin_without_bill: "the margin changed, and no bill of Bitget's fits",
  position_changed: "the position changed meanwhile, and no bill of Bitget's fits",
};

const FREEZES: Readonly<Record<FreezeCode, string>> = {
  asked: "somebody asked for it",
  disk: "the disk is nearly full",
  write_failed: "the audit table could not be written; look at the disk, then restart the bot",
  guards: "a guard of the database is broken",
  chain: "the audit table does not verify",
  restored: "Bitget or an anchor knows of changes that this database does not: it may be an old copy",
};

function evidence(id: string, { sent, bills, position: found }: Looked): Text {
  const { symbol, marginCoin } = sent.adjustment.position;
  const own = bills.filter((bill) => bill.symbol === symbol && bill.coin === marginCoin).slice(0, 5);
  const now = found === undefined ? "no position" : coins(found.margin, marginCoin);
  return lines(
    `${deed(sent.adjustment, sent.before.baseCoin)} · sent ${clock(sent.signedAt)}`,
    `Margin before ${coins(sent.before.margin, marginCoin)}, now ${now}`,
    ...own.map((bill) => `Bill ${bill.billId}: ${bill.businessType} ${bill.amount} · ${clock(bill.cTime)}`),
    ...(own.length === 0 ? ["No bill on this symbol since then."] : []),
    `Settle with /settle ${id} applied REASON, or /settle ${id} not_applied REASON.`,
  );
}

export const english = {
  deed,
  card,
  cardTitle: (proposal: Proposal): string => deed(proposal.adjustment, proposal.seen.baseCoin),
  /** The card after it stopped being open: the same terms, and what became of it. */
  closedCard: (proposal: Proposal, step: Step, by: Actor): Text => {
    const confirmed = `Confirmed by ${by.name}.`;
    const what: Readonly<Record<Step, string>> = {
      proposed: "",
      approved: "",
      confirmed: `${confirmed} Sending to Bitget, once.`,
      sending: `${confirmed} Sent to Bitget, once.`,
      cancelled: `Cancelled${by.id === proposal.askedBy.id ? "" : ` by ${by.name}`}. Nothing was changed.`,
      expired: "Expired. Nothing was changed. /margin starts again.",
      refused: `${confirmed} Not done, see the reply.`,
      rejected: `${confirmed} Not done, see the reply.`,
      accepted: `${confirmed} Done, see the reply.`,
      unknown: `${confirmed} Not known yet, see the reply.`,
      applied: `${confirmed} Done, see the reply.`,
      not_applied: `${confirmed} Not done, see the reply.`,
    };
    return lines(figures(proposal), `Read ${clock(proposal.seen.at)}`, "", bold(what[step]));
  },
  verdict,
  verdictElsewhere: (given: Verdict): Text =>
    lines(`For ${given.proposal.askedBy.name}, whose chat cannot be reached:`, verdict(given)),
  settling,
  evidence,
  unexpected: ({ adjustment, seen }: Proposal, expected: Amount): Text =>
    text(
      `Adjustment ${adjustment.id} needs a person: the margin of ${positionName(seen.baseCoin, adjustment.position.holdSide)} should be ${coins(expected, adjustment.position.marginCoin)}, and it is not. Look at Bitget's bills.`,
    ),
  doubt: (id: string, doubt: Doubt, looked: Looked): Text =>
    lines(bold(`Adjustment ${id} needs a person: ${DOUBTS[doubt]}.`), evidence(id, looked)),
  reminder: (id: string): Text =>
    lines(
      bold(`Adjustment ${id} is still not known.`),
      `Its symbol stays locked. An admin sees the evidence with /settle ${id} and decides with a reason.`,
    ),
  frozen: (by: Actor): Text =>
    lines(bold(`Frozen by ${by.name}: nothing is sent any more.`), "An admin lets go with /unfreeze."),
  frozenByBot: (code: FreezeCode): Text =>
    lines(bold(`Frozen: ${FREEZES[code]}.`), "Nothing is sent until an admin has looked and types /unfreeze."),
  freezeUnkept: () =>
    text(
      "The freeze could not be written down anywhere: it holds until the bot ends. Do not restart it before the disk takes files again, and then /freeze once more.",
    ),
  unfrozen: (by: Actor): Text => text(`${by.name} let go of the brake. Margin can be adjusted again.`),
  notFrozen: () => text("The bot is not frozen."),
  auditHead: (event: AuditEvent): Text =>
    lines(
      "Head of the audit table. Keep this message: it proves later that no row before it was changed.",
      anchor(event),
    ),
  refusal: (why: Parameters<typeof refusal>[0]): Text => lines(bold("Not done: nothing was changed."), refusal(why)),
  unreadable: (why: (Refusal & { code: "unreadable" })["why"]): Text => text(refusal({ code: "unreadable", why })),
  cancelButton: "Cancel",
  workingButton: "Sending…",
  removeInsteadButton: "Remove instead",
  addInsteadButton: "Add instead",
  presetButton: (direction: Direction, amount: Amount, marginCoin: string): string =>
    `${direction === "add" ? "+" : "-"}${amount} ${marginCoin}`,
  positionButton: ({ baseCoin, holdSide, margin, marginCoin, markPrice, liquidationPrice }: Position): string => {
    const away = distance(markPrice, liquidationPrice);
    const risk = away === undefined ? "no liquidation" : `${percent(away)} away`;
    return `${positionName(baseCoin, holdSide)} · ${risk} · ${coins(margin, marginCoin)}`;
  },
  pressPosition: () =>
    text("Press one of the positions above, or type a coin that names just one of them, such as BTC."),
  askPosition: () => text("Which position? The one nearest to liquidation is on top."),
  askAmount: ({
    position: found,
    free,
    direction,
  }: {
    position: Position;
    free: Amount;
    direction: Direction;
  }): Text => {
    const { baseCoin, holdSide, marginCoin, margin } = found;
    const [verb, sign] = direction === "add" ? ["add to", "-20 removes"] : ["remove from", "+20 adds"];
    return lines(
      bold(`How much to ${verb} ${positionName(baseCoin, holdSide)}?`),
      `Margin ${coins(margin, marginCoin)} · free ${coins(free, marginCoin)}`,
      `Choose, or type an amount such as 50. ${sign}.`,
    );
  },
  chosenPosition: (found: Position): Text => text(positionName(found.baseCoin, found.holdSide)),
  chosenMeaning: (wish: Wish, marginCoin: string): Text => text(wishButton(wish, marginCoin)),
  chosenAmount: (
    { baseCoin, holdSide, marginCoin }: Position,
    { direction, amount }: { readonly direction: Direction; readonly amount: Amount },
  ): Text =>
    text(`${direction === "add" ? "Add" : "Remove"} ${amount} ${marginCoin} · ${positionName(baseCoin, holdSide)}`),
  amountFault: (fault: Fault, marginCoin: string): Text => text(amountFault(fault, marginCoin)),
  lineFault: (fault: Fault): Text => text(lineFault(fault)),
  resolveFault: (fault: ResolveFault, marginCoin: string): Text => text(resolveFault(fault, marginCoin)),
  askMeaning: () => text("Two readings are possible. Which one did you mean?"),
  wishButton,
  dialogueCancelled: () => text("Cancelled. Nothing was changed."),
  nothingToCancel: () => text("There is nothing to cancel."),
  tooManyTries: () => text("That was not readable several times. Nothing was changed. /margin starts again."),
  noPositions: () => text("There are no open isolated positions. Nothing was changed."),
  notAsked: () => text("Nothing is being asked right now. /margin starts an adjustment, /help lists what I can do."),
  stale: () => text("That was sent while I was offline, so I did nothing. Please send it again."),
  stranger: (id: string): Text => text(`This bot works for its members only. Your id is ${id}.`),
  trouble: () => text("Something went wrong here, and nothing was sent to Bitget by this message. Please try again."),
  toast: {
    notYours: (asker: Actor): string => `Only ${asker.name} can press this. Nothing was changed.`,
    over: (step: Step, by: Actor): string =>
      step === "confirmed" ? `Already confirmed by ${by.name}.` : `This card is over (${STEPS[step]}).`,
    expired: "This card has expired. Nothing was changed.",
    trouble: "Something went wrong here, and nothing was sent by this press.",
    noCard: "This button is not valid here. Nothing was changed.",
    frozen: "The bot is frozen. Nothing was changed.",
    closing: "The bot is restarting. Nothing was changed. Press again in a moment.",
    oldQuestion: "This question is over. /margin starts a new one.",
    confirmed: "Confirmed. Sending to Bitget, once.",
    cancelled: "Cancelled. Nothing was changed.",
  },
  ...listWords,
  ...whatIfWords,
  ...afterWords,
  ...historyWords,
  audit: (events: readonly AuditEvent[]): Text =>
    events.length === 0
      ? text("The audit table is empty.")
      : lines(bold("The last rows of the audit table, newest first"), ...events.map(auditLine)),
  settleUsage: () => text("Type /settle ID applied REASON, or /settle ID not_applied REASON. Nothing was changed."),
  adminsOnly: () => text("That is for admins. Nothing was changed."),
  start: (name: string): Text =>
    lines(
      `Hello ${name}. I add margin to your isolated Bitget positions and take it out again, after your confirmation.`,
      "/margin starts. /help lists what else there is.",
    ),
  help: (): Text =>
    lines(
      bold("What I can do"),
      "/margin – add or remove margin, step by step",
      "/margin btc long 50 – the same in one line; -50 removes",
      "/positions – open positions, nearest to liquidation first",
      "/whatif btc long – what amounts would do, without a card",
      "/repeat – your last deed again, as a new card",
      "/history – what you did here",
      "/cancel – stop the question or card that is open",
      "/freeze – stop everything at once",
      "Admins: /audit, /unfreeze, /settle ID applied|not_applied REASON",
      "Every card is sent to Bitget at most once. Done, Not done and Not known yet mean just that.",
    ),
};

export type Words = typeof english;

function auditLine(event: AuditEvent): string {
  const who = event.actor.id === "bot" ? "bot" : `${event.actor.name} (${event.actor.id})`;
  const { symbol, holdSide, direction, amount, marginCoin } = event.terms;
  const what = [symbol, holdSide, direction, amount, amount === "" ? "" : marginCoin].filter((word) => word !== "");
  const code = event.code === "" ? "" : ` (${event.code})`;
  return `#${event.seq} ${day(event.at)} ${event.adjustment} ${event.step}${code} · ${who} · ${what.join(" ")}`;
}
