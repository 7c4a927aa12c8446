/** Deps for one test: the real exchange client, the paper exchange, a database file, and a clock that stands still. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import Database from "better-sqlite3";
import { onTestFinished } from "vitest";
import { createTrail } from "../../src/audit/trail.ts";
import { createBitget } from "../../src/bitget/exchange.ts";
import { createClock, createSureNow, type MachineClock } from "../../src/clock.ts";
import { plainAmount } from "../../src/margin/input/expression.ts";
import { confirm, type Press } from "../../src/margin/lifecycle/confirm.ts";
import { type AdjustmentRequest, propose } from "../../src/margin/lifecycle/propose.ts";
import { send } from "../../src/margin/lifecycle/send.ts";
import type { Direction } from "../../src/margin/model/adjustment.ts";
import type { AuditEvent } from "../../src/margin/model/audit-event.ts";
import { decimal } from "../../src/margin/model/decimal.ts";
import type { PositionKey } from "../../src/margin/model/position.ts";
import type { Proposal } from "../../src/margin/model/proposal.ts";
import type { Clock } from "../../src/margin/ports/clock.ts";
import type { Deps, Rules } from "../../src/margin/ports/deps.ts";
import { type Verdict, verdictOf } from "../../src/margin/reports/verdict.ts";
import { createKillSwitch } from "../../src/margin/rules/frozen.ts";
import { createPaperExchange, type PaperExchange } from "../../src/paper/exchange.ts";
import { createRedact } from "../../src/redact.ts";
import { openStore, type Store } from "../../src/store/database.ts";
import { ACCOUNT, ANN, BOB, GROUP, OTHER_ACCOUNT, position } from "./people.ts";
import { temporaryFolder } from "./world.ts";

export const SET_MARGIN = "/api/v2/mix/account/set-margin";

const START = Date.UTC(2026, 10, 22, 8, 0, 0);
const CREDENTIALS = { key: "desk-key", secret: "desk-secret", passphrase: "desk-passphrase" };

export interface Card {
  readonly proposal: Proposal;
  readonly nonce: string;
  readonly cancelled: readonly AuditEvent[];
}

/** 50 to be added, unless told otherwise. */
type CardRequest = Partial<AdjustmentRequest> & { direction?: Direction; amount?: string };

/** The time of the world, and what happens to the machine's clocks. */
interface TestClock {
  now(): number;
  advance(ms: number): void;
  /** Somebody sets the machine's clock by so much. */
  set(ms: number): void;
  /** The machine sleeps: its clock that only goes forward stands still. */
  sleep(ms: number): void;
}

export interface TestDeps {
  readonly deps: Deps;
  readonly exchange: PaperExchange;
  readonly store: Store;
  readonly file: string;
  /** Ids of those who may trade, now. */
  readonly members: Set<string>;
  readonly clock: TestClock;
  close(): void;
  /** The same table at a bot that was started again with another account. */
  readonly elsewhere: Deps;
  /** A card for Ann in the group, unless told otherwise. Throws when there is none. */
  card(request?: CardRequest): Promise<Card>;
  /** A card that Ann has confirmed. */
  confirmed(request?: { position?: PositionKey; direction?: Direction; amount?: string }): Promise<Proposal>;
  /** Steps of the whole table as the file holds them, seen by a connection of its own. */
  steps(): string[];
  /** Bodies of the calls that move margin, as the exchange saw them. */
  sent(): string[];
}

export function pressOf({ proposal, nonce }: Card, changes: Partial<Press> = {}): Press {
  return {
    adjustment: proposal.adjustment.id,
    nonce,
    by: ANN,
    location: proposal.location,
    source: { press: "1" },
    ...changes,
  };
}

export const WORDING = {
  card: (proposal: Proposal) => `${proposal.adjustment.direction} ${proposal.adjustment.amount}`,
  refusal: ({ code }: { code: string }) => `no: ${code}`,
};

export function stepsIn(file: string): string[] {
  const db = new Database(file, { readonly: true });
  const rows = db.prepare("SELECT step FROM audit_event ORDER BY seq").all() as { step: string }[];
  db.close();
  return rows.map(({ step }) => step);
}

/** A world's time, and a machine in it that is so much ahead. */
function createTime(aheadMs: number): { readonly clock: TestClock; readonly machine: MachineClock } {
  let [at, ahead, slept] = [START, aheadMs, 0];
  const advance = (ms: number) => {
    at += ms;
  };
  const clock = {
    now: () => at,
    advance,
    set: (ms: number) => {
      ahead += ms;
    },
    sleep(ms: number) {
      advance(ms);
      slept += ms;
    },
  };
  return { clock, machine: { wall: () => at + ahead, monotonic: () => at - slept } };
}

async function openExchange(now: () => number, clock: Clock) {
  const exchange = await createPaperExchange({ credentials: CREDENTIALS, moving: false, budgets: false, now });
  const connect = (account: string) =>
    createBitget({
      account,
      baseUrl: exchange.url,
      credentials: CREDENTIALS,
      demo: false,
      productTypes: ["USDT-FUTURES", "COIN-FUTURES"],
      timeoutMs: 5000,
      clock,
      redact: createRedact(Object.values(CREDENTIALS)),
    });
  return { exchange, bitget: connect(ACCOUNT), other: connect(OTHER_ACCOUNT) };
}

function createIds(): Deps["ids"] {
  let made = 0;
  return {
    id: () => `a${++made}`,
    nonce: () => `nonce-${++made}`,
    hash: (nonce) => createHash("sha256").update(nonce).digest("hex"),
  };
}

/** On a machine that is `aheadMs` ahead. Ann and Bob are admins; one adjustment moves at most 1000 USD; a card lasts 60 s; the settle window is 90 s. */
export async function openDeps(rules: Partial<Rules> = {}, aheadMs = 0): Promise<TestDeps> {
  let closing = false;
  const { clock, machine } = createTime(aheadMs);
  const corrected = createClock(machine);
  const file = join(temporaryFolder(), "bot.db");
  const { exchange, bitget, other } = await openExchange(clock.now, corrected);
  const store = await openStore(file);
  onTestFinished(async () => {
    await exchange.close();
    await store.close();
  });
  const members = new Set([ANN.id, BOB.id]);
  const trail = createTrail(store, corrected.now);
  const deps: Deps = {
    exchange: bitget,
    ...trail,
    killSwitch: createKillSwitch(trail),
    rules: {
      perAdjustment: decimal("1000"),
      removeFloor: decimal<"ratio">("0.03"),
      confirmTtlMs: 60_000,
      settleWindowMs: 90_000,
      ...rules,
    },
    ids: createIds(),
    now: corrected.now,
    sureNow: createSureNow(corrected, bitget.syncClock, () => undefined),
    monotonic: machine.monotonic,
    async pause(ms) {
      clock.advance(ms);
      // Whatever else is due comes first, as it would in a real pause.
      await setImmediate();
    },
    roleOf: (id) => (members.has(id) ? "admin" : undefined),
    closing: () => closing,
  };
  const card: TestDeps["card"] = async ({ direction = "add", amount = "50", ...request } = {}) => {
    const expression = plainAmount(direction, decimal(amount));
    const whole = { position: position(), askedBy: ANN, location: GROUP, expression, ...request };
    const proposed = await propose(deps, whole, WORDING);
    if (proposed.kind === "refused") throw new Error(`no card: ${proposed.refusal.code}`);
    if (proposed.kind !== "proposed") throw new Error(`no card: ${proposed.kind}`);
    return proposed;
  };
  return {
    deps,
    exchange,
    store,
    file,
    members,
    clock,
    close: () => {
      closing = true;
    },
    elsewhere: { ...deps, exchange: other },
    card,
    async confirmed(request) {
      const pressed = await confirm(deps, pressOf(await card(request)));
      if (pressed.kind !== "won") throw new Error(`not confirmed: ${pressed.kind}`);
      return pressed.proposal;
    },
    steps: () => stepsIn(file),
    sent: () => exchange.calls.filter(({ path }) => path === SET_MARGIN).map(({ body }) => body),
  };
}

/** Carries a confirmed proposal out, and gives the verdict that its person would be told. */
export async function sendForVerdict(deps: Deps, proposal: Proposal): Promise<Verdict> {
  const event = await send(deps, proposal);
  const verdict = await verdictOf(deps, event.adjustment, event.seq);
  if (verdict === undefined) throw new Error(`${event.step} gives no verdict`);
  return verdict;
}
