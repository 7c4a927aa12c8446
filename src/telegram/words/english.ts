/** Everything the bot says, in English. A further language is one more object of type `Words`. */
import type { FormattedString } from "@grammyjs/parse-mode";
import type { Step } from "../../margin/model/adjustment.ts";
import type { Actor, AuditEvent } from "../../margin/model/audit-event.ts";
import type { UnreadableRefusal } from "../../margin/model/refusal.ts";
import { afterWords } from "./after.ts";
import { cardWords } from "./card.ts";
import { clockWords } from "./clock.ts";
import { day } from "./figures.ts";
import { historyWords } from "./history.ts";
import { killSwitchWords } from "./kill-switch.ts";
import { listWords } from "./lists.ts";
import { anchor, bold, lines, STEPS } from "./parts.ts";
import { questionWords } from "./questions.ts";
import { refusal } from "./reasons.ts";
import { settlingWords } from "./settling.ts";
import { verdictWords } from "./verdict.ts";
import { whatIfWords } from "./whatif.ts";

/** Text with its entities: never markup, so that nothing anybody typed can change how it is read. */
export type Text = FormattedString;

/** Everything that the bot says, in English. */
export const english = {
  ...cardWords,
  ...questionWords,
  ...verdictWords,
  ...settlingWords,
  ...killSwitchWords,
  ...clockWords,
  auditHead: (event: AuditEvent): Text =>
    lines(
      "Head of the audit table. Keep this message: with it `audit verify` shows later whether a row before it was changed.",
      anchor(event),
    ),
  refusal: (why: Parameters<typeof refusal>[0]): Text => lines(bold("Not done: nothing was changed."), refusal(why)),
  unreadable: (why: UnreadableRefusal): Text => lines(refusal(why)),
  noPositions: () => lines("There are no open isolated positions. Nothing was changed."),
  stale: () => lines("That was sent while I was offline, so I did nothing. Please send it again."),
  stalePress: () => lines("That was pressed while I was offline, so I did nothing. Please press it again."),
  stranger: (id: string): Text => lines(`This bot works for its members only. Your id is ${id}.`),
  laneFull: (waitingMax: number): Text =>
    lines(
      `${waitingMax} messages of yours wait already: I drop this one and what follows, until I have caught up.`,
      "/cancel and /freeze work at once.",
    ),
  allFull: (): Text =>
    lines("Too much waits here already: I drop this one, and what follows, for now. /cancel and /freeze work at once."),
  trouble: (by: "message" | "press") =>
    lines(`Something went wrong here, and nothing was sent to Bitget by this ${by}. Please try again.`),
  toast: {
    notYours: (asker: Actor): string => `Only ${asker.name} can press this. Nothing was changed.`,
    over: (step: Step, by: Actor): string =>
      step === "confirmed" ? `Already confirmed by ${by.name}.` : `This card is over (${STEPS[step]}).`,
    expired: "This card has expired. Nothing was changed.",
    trouble: "Something went wrong here, and nothing was sent by this press.",
    tableBusy: "Another program holds the bot's database: nothing was sent by this press. Press again.",
    stale: "That was pressed while I was offline. Nothing was changed. Please press it again.",
    noCard: "This button is not valid here. Nothing was changed.",
    otherAccount: "The bot does not work with this account or this kind of contract now. Nothing was changed.",
    undone: "That was undone already. Nothing was changed.",
    nothing_to_undo: "There is nothing to undo here. Nothing was changed.",
    frozen: "The bot is frozen. Nothing was changed.",
    full: "Too much of yours waits: this press was dropped. Nothing was changed by it.",
    closing: "The bot is restarting. Nothing was changed. Press again in a moment.",
    oldQuestion: "This question is over, is not yours, or a newer one waits. Nothing was changed.",
    confirmed: "Confirmed. Sending to Bitget, once.",
    cancelled: "Cancelled. Nothing was changed.",
  },
  ...listWords,
  ...whatIfWords,
  ...afterWords,
  ...historyWords,
  audit: (events: readonly AuditEvent[]): Text =>
    events.length === 0
      ? lines("The audit table is empty.")
      : lines(bold("The last rows of the audit table, newest first"), ...events.map(auditLine)),
  adminsOnly: () => lines("That is for admins. Nothing was changed."),
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

/** What a language has to say: another one is an object of this type. */
export type Words = typeof english;

function auditLine(event: AuditEvent): string {
  const who = event.actor.id === "bot" ? "bot" : `${event.actor.name} (${event.actor.id})`;
  const { symbol, holdSide, direction, amount, marginCoin } = event.terms;
  const what = [symbol, holdSide, direction, amount, amount === "" ? "" : marginCoin].filter((word) => word !== "");
  const code = event.code === "" ? "" : ` (${event.code})`;
  return `#${event.seq} ${day(event.at)} ${event.adjustment} ${event.step}${code} · ${who} · ${what.join(" ")}`;
}
