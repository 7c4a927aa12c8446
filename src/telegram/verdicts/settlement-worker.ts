/** Looks after unknown outcomes until each is settled, and calls a person where the evidence does not decide. */
import type { AuditEvent } from "../../margin/model/audit-event.ts";
import { callForPerson } from "../../margin/reconciliation/call-person.ts";
import { type Memory, reconcile } from "../../margin/reconciliation/reconcile.ts";
import { notifyAdmins } from "../messaging/admins.ts";
import type { Chat, Workers } from "../messaging/context.ts";
import { faultOf } from "../messaging/errors.ts";
import { post } from "../messaging/messages.ts";
import { mayHear } from "../messaging/recipients.ts";
import type { Text } from "../words/english.ts";
import { onTimer, type Plan } from "./plan.ts";

/** The first look comes this soon, in ms; each later one after a third of the time that has passed, within bounds. */
const FIRST_MS = 250;
const SHARE = 3;
const PAUSE_MS_MAX = 30_000;
/** From here on people are reminded once, and looks become rare. */
const REMIND_MS = 600_000;
const RARE_MS = 300_000;
const GIVE_UP_MS = 86_400_000;

const NO_MEMORY: Memory = { wasQuiet: false, likelyNot: false };

interface Case {
  readonly adjustment: string;
  /** The row that it stands at. */
  readonly unknown: AuditEvent;
  readonly since: number;
  memory: Memory;
  reviewed: boolean;
  reminded: boolean;
}

/** Looks after unknown outcomes. */
export interface SettlementWorker {
  /** Takes on whatever stands at `unknown`. */
  nudge(): Promise<void>;
  stop(): void;
}

function pauseOf({ since }: Case, now: number): number {
  const age = now - since;
  return age > REMIND_MS ? RARE_MS : Math.min(Math.max(age / SHARE, FIRST_MS), PAUSE_MS_MAX);
}

async function tellBoth(chat: Chat, adjustment: string, text: Text): Promise<void> {
  const card = chat.cards.locationOf(adjustment);
  if (card !== undefined && mayHear(chat, card)) await post(chat, card, text, { replyTo: card.message });
  await notifyAdmins(chat, text);
}

async function lookAt(chat: Chat, outbox: Workers["outbox"], open: Case): Promise<boolean> {
  const found = await reconcile(chat.deps, open.adjustment, open.memory);
  const { kind } = found;
  const wasQuiet = open.memory.wasQuiet || kind === "quiet" || kind === "likely_not";
  open.memory = { wasQuiet, likelyNot: kind === "likely_not" };
  if (found.kind === "settled" || found.kind === "over") {
    outbox.nudge();
    return true;
  }
  if (found.kind === "review" && !open.reviewed) {
    await callForPerson(chat.deps, open.unknown, found.review);
    open.reviewed = true;
    outbox.nudge();
  }
  if (!open.reminded && chat.deps.now() - open.since >= REMIND_MS) {
    open.reminded = true;
    await tellBoth(chat, open.adjustment, chat.words.reminder(open.adjustment));
  }
  return chat.deps.now() - open.since >= GIVE_UP_MS;
}

/**
 * Looks after unknown outcomes at times that `plan` keeps, from the first `nudge` on; what is settled goes out by `outbox`.
 * Reads only: nothing is ever sent again.
 */
export function createSettlementWorker(chat: Chat, outbox: Workers["outbox"], plan: Plan = onTimer): SettlementWorker {
  // What calls off the next look at each.
  const cases = new Map<string, () => void>();
  let stopped = false;

  function schedule(open: Case): void {
    if (stopped) return;
    const callOff = plan(() => chat.background(look(open)), pauseOf(open, chat.deps.now()));
    cases.set(open.adjustment, callOff);
  }

  async function look(open: Case): Promise<void> {
    const over = await lookAt(chat, outbox, open).catch((error: unknown) => {
      chat.log("error", "settling_failed", { adjustment: open.adjustment, fault: faultOf(error) });
      return false;
    });
    if (over) cases.delete(open.adjustment);
    else schedule(open);
  }

  function take(unknown: AuditEvent): Promise<void> | undefined {
    const { adjustment, at } = unknown;
    if (cases.has(adjustment) || stopped) return undefined;
    const open: Case = { adjustment, unknown, since: at, memory: NO_MEMORY, reviewed: false, reminded: false };
    cases.set(adjustment, () => undefined);
    return look(open);
  }

  return {
    async nudge() {
      const currentlyAt = await chat.deps.projections.currentlyAt(["unknown"]);
      await Promise.all(currentlyAt.map(take));
    },
    stop() {
      stopped = true;
      for (const callOff of cases.values()) callOff();
    },
  };
}
