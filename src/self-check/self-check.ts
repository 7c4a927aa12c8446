/** What the bot checks of itself: at its start, and every minute while it runs. What it finds wrong freezes it. */
import { BOT, NO_TERMS, NOWHERE } from "../margin/model/audit-event.ts";
import type { ProductType } from "../margin/model/position.ts";
import type { Clock } from "../margin/ports/clock.ts";
import type { FreezeCode } from "../margin/ports/kill-switch.ts";
import { type Noticed, noticeRestore } from "../margin/reconciliation/restore-check.ts";
import type { Store } from "../store/database.ts";
import { isDiskNearlyFull } from "../store/disk.ts";
import { notifyAdmins } from "../telegram/messaging/admins.ts";
import type { Chat } from "../telegram/messaging/context.ts";
import { faultOf } from "../telegram/messaging/errors.ts";
import { engageKillSwitch } from "../telegram/messaging/freeze.ts";
import { type AnchorKeeper, createAnchorKeeper } from "./anchor-keeper.ts";
import { type Chain, createChain } from "./chain-check.ts";
import { type ClockWatch, createClockWatch } from "./clock-watch.ts";
import { createLater, type Later } from "./retry-later.ts";

const ROUND_MS = 60_000;
const DAY_MS = 86_400_000;
/** The code of the daily row `note`. */
const ANCHOR = "anchor";

/** What the bot checks of itself. Which of it stops the money is `fault`; `doubts` stop nothing. */
export interface SelfCheck {
  /** What is wrong at this moment; undefined when nothing is. */
  fault(): FreezeCode | undefined;
  /** What the bot could not find out about itself, for `/readyz`. It works on all the same. */
  doubts(): string[];
  /** Once, before the first update: looks at disk, guards, the newest rows and whether the table is an old copy. */
  check(chat: Chat): Promise<void>;
  /** From now on: the whole table once, disk and clock every minute, the head of the table to the admins every day. */
  start(chat: Chat): void;
  /** The row that people were told of last. */
  anchor(delivered: { seq: number; hash: string }): void;
  stop(): void;
  /** Once the last row was told: notes until when the bot looked on. */
  noteEnd(chat: Chat): Promise<void>;
}

interface Parts {
  readonly file: string;
  readonly store: Store;
  readonly account: string;
  readonly productTypes: readonly ProductType[];
  readonly clock: Clock;
}

/** Once a day the head goes to the admins, who can prove with it later that nothing before it was changed. */
async function anchorDaily(chat: Chat, anchor: AnchorKeeper): Promise<void> {
  const { events, projections, now } = chat.deps;
  const [oldest] = await projections.recent({ before: 2, limit: 1 });
  const [last] = await projections.notes({ code: ANCHOR, limit: 1 });
  const since = last ?? oldest;
  if (since === undefined || now() - since.at < DAY_MS) return;
  const entry = { adjustment: "", actor: BOT, location: NOWHERE, terms: NO_TERMS, code: ANCHOR };
  const appended = await events.append({ ...entry, step: "note", detail: {} });
  if (!appended.ok) return;
  await notifyAdmins(chat, chat.words.auditHead(appended.event));
  anchor.delivered(appended.event);
}

function attempted(chat: Chat, work: Promise<void>): Promise<void> {
  return work.catch((error: unknown) => chat.log("error", "watch_failed", { fault: faultOf(error) }));
}

async function freezeOnFault(chat: Chat, fault: SelfCheck["fault"]): Promise<void> {
  const found = fault();
  if (found !== undefined) await engageKillSwitch(chat, found);
}

function inBackground(chat: Chat, works: readonly Promise<void>[]): void {
  for (const work of works) chat.background(attempted(chat, work));
}

/** Freezes where the table is an old copy. False when that could not be found out. */
async function actOn(chat: Chat, { kind }: Noticed): Promise<boolean> {
  if (kind === "restored") await engageKillSwitch(chat, "restored");
  if (kind === "unread") chat.log("warn", "restore_unchecked");
  return kind !== "unread";
}

/** The same now, and where Bitget's bills could not be read, again later: a start does not wait for that. */
async function actOnceKnown(chat: Chat, later: Later, first: Noticed): Promise<void> {
  let noticed = first;
  if (await actOn(chat, noticed)) return;
  later.until(chat.background, async () => {
    if (noticed.kind === "unread") noticed = await noticed.again();
    return actOn(chat, noticed);
  });
}

/** A look that fails is a fault as well: nobody knows then what the rows go to. */
function isLost(store: Store): boolean {
  try {
    return store.isLost();
  } catch {
    return true;
  }
}

function createFault({ file, store }: Pick<Parts, "file" | "store">, chain: Chain): SelfCheck["fault"] {
  return () => {
    const isGuardBroken = store.brokenGuard() !== undefined;
    // Asked afterwards: the guards of a file that goes away at this moment cannot be read either.
    if (isLost(store)) return "file_lost";
    if (isGuardBroken) return "guards";
    if (chain.isBroken()) return "chain";
    return isDiskNearlyFull(file) ? "disk" : undefined;
  };
}

/** The clocks are compared first. */
async function lookAtClock(chat: Chat, clockWatch: ClockWatch): Promise<void> {
  await chat.deps.exchange.syncClock();
  await clockWatch.look(chat);
}

/** Looks at the whole table, and where that cannot be done, again later. */
async function verifyWhole(
  chat: Chat,
  { chain, later, fault }: { chain: Chain; later: Later; fault: SelfCheck["fault"] },
): Promise<void> {
  const whole = async () => {
    const verified = await chain.verify(chat.log);
    await freezeOnFault(chat, fault);
    return verified;
  };
  if (!(await whole())) later.until(chat.background, whole);
}

/** What of the table and its file is not known, or not to be had, at this moment. */
function doubtsOf(chain: Chain, store: Store): string[] {
  return [
    ...(chain.isUnverified() ? ["the audit table could not be verified"] : []),
    ...(store.isHeld() ? ["another program holds the database"] : []),
  ];
}

/** The checks of the database `file`; it looks at nothing before `check` or `start`. */
export function createSelfCheck({ file, store, account, productTypes, clock }: Parts): SelfCheck {
  const later = createLater();
  const chain = createChain(file);
  const clockWatch = createClockWatch(clock);
  const fault = createFault({ file, store }, chain);
  const anchor = createAnchorKeeper(`${file}.anchor`);
  let timer: NodeJS.Timeout | undefined;

  async function check(chat: Chat): Promise<void> {
    const kept = anchor.read();
    const lost = chain.checkTail(kept);
    await freezeOnFault(chat, fault);
    if (chain.isBroken()) return;
    const known = { account, productTypes, anchored: lost, quietAt: kept?.quietAt };
    await actOnceKnown(chat, later, await noticeRestore(chat.deps, known));
  }

  function round(chat: Chat): Promise<void>[] {
    return [
      freezeOnFault(chat, fault),
      anchorDaily(chat, anchor),
      lookAtClock(chat, clockWatch),
      anchor.noteQuiet(chat),
    ];
  }

  return {
    fault,
    doubts: () => [...doubtsOf(chain, store), ...clockWatch.doubts()],
    check,
    start(chat) {
      inBackground(chat, [
        verifyWhole(chat, { chain, later, fault }),
        anchorDaily(chat, anchor),
        clockWatch.look(chat),
      ]);
      timer = setInterval(() => inBackground(chat, round(chat)), ROUND_MS);
    },
    anchor: anchor.delivered,
    stop() {
      clearInterval(timer);
      later.stop();
    },
    noteEnd: (chat) => attempted(chat, anchor.noteQuiet(chat)),
  };
}
