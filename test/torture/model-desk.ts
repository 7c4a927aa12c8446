/** A desk without a chat: use cases, database file and exchange client are the real ones, the clock stands still. */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { createTrail } from "../../src/audit/trail.ts";
import { createBitget } from "../../src/bitget/exchange.ts";
import { plainAmount } from "../../src/margin/input/expression.ts";
import type { Press } from "../../src/margin/lifecycle/confirm.ts";
import { expireCards } from "../../src/margin/lifecycle/expire.ts";
import { type AdjustmentRequest, propose } from "../../src/margin/lifecycle/propose.ts";
import { recover } from "../../src/margin/lifecycle/recover.ts";
import type { Direction } from "../../src/margin/model/adjustment.ts";
import type { Actor, AuditEvent, ChatLocation, Entry } from "../../src/margin/model/audit-event.ts";
import { decimal } from "../../src/margin/model/decimal.ts";
import type { PositionKey } from "../../src/margin/model/position.ts";
import type { Proposal } from "../../src/margin/model/proposal.ts";
import type { Deps } from "../../src/margin/ports/deps.ts";
import { createKillSwitch } from "../../src/margin/rules/frozen.ts";
import { createPaperExchange, type PaperExchange, type PaperExchangeOptions } from "../../src/paper/exchange.ts";
import { createRedact } from "../../src/redact.ts";
import { openStore, type Store } from "../../src/store/database.ts";
import { clockOf } from "../support/clock.ts";

export const ACCOUNT = "bitget:paper:main";
export const SET_MARGIN = "/api/v2/mix/account/set-margin";
export const ANN: Actor = { id: "501", name: "Ann" };
export const BOB: Actor = { id: "502", name: "Bob" };
export const EVE: Actor = { id: "666", name: "Eve" };
export const PRIVATE: ChatLocation = { chat: "501", topic: "", message: "9" };
export const GROUP: ChatLocation = { chat: "-100200300", topic: "7", message: "11" };
export const WINDOW_MS = 90_000;
export const TTL_MS = 60_000;

const START = Date.UTC(2026, 10, 22, 8, 0, 0);
const CREDENTIALS = { key: "torture-key", secret: "torture-secret", passphrase: "torture-passphrase" };

/** A moment at which the process dies: before or after the row of this step is written. */
export type Moment = `${"before" | "after"} ${Entry["step"]}`;

/** The life of one process. A dead one never gets an answer and never writes again. */
interface Life {
  readonly died: Promise<void>;
  isDead(): boolean;
  die(): void;
  /** Dies by itself at this moment. */
  dieAt(moment: Moment | undefined): void;
}

export interface Running {
  readonly deps: Deps;
  readonly store: Store;
  readonly life: Life;
}

export interface Bench {
  readonly exchange: PaperExchange;
  readonly file: string;
  readonly members: Set<string>;
  readonly clock: { now(): number; pass(ms: number): void };
  /** Every row that the table acknowledged, in all processes. */
  readonly acknowledged: AuditEvent[];
  /** Opens the file as a new process does: kill switch, stale cards, what was left behind. */
  start(): Promise<Running>;
  close(): Promise<void>;
}

function createLife(): Life & { next: Moment | undefined } {
  const died = Promise.withResolvers<void>();
  let dead = false;
  return {
    next: undefined,
    died: died.promise,
    isDead: () => dead,
    die() {
      dead = true;
      died.resolve();
    },
    dieAt(moment) {
      this.next = moment;
    },
  };
}

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

/** The same object, whose methods give no answer once the process is dead. */
function mortal<T extends object>(object: T, life: Life): T {
  return new Proxy(object, {
    get(target, name) {
      const member = Reflect.get(target, name) as unknown;
      if (typeof member !== "function") return member;
      return (...given: unknown[]) => {
        const result: unknown = life.isDead() ? never() : member.apply(target, given);
        return result instanceof Promise ? result.then((value) => (life.isDead() ? never() : value)) : result;
      };
    },
  });
}

function createIds(): Deps["ids"] {
  let made = 0;
  return {
    id: () => `a${++made}`,
    nonce: () => `nonce-${++made}`,
    hash: (nonce) => createHash("sha256").update(nonce).digest("hex"),
  };
}

interface BenchOptions {
  readonly timeoutMs?: number;
  readonly folder?: string;
  readonly exchange?: Partial<PaperExchangeOptions>;
}

/** Ann and Bob are admins; a card lasts 60 s; the settle window is 90 s. */
export async function openBench(options: BenchOptions = {}): Promise<Bench> {
  let at = START;
  const clock = {
    now: () => at,
    pass: (ms: number) => {
      at += ms;
    },
  };
  const folder = mkdtempSync(join(options.folder ?? tmpdir(), "margin-torture-"));
  const file = join(folder, "bot.db");
  const exchange = await createPaperExchange({
    credentials: CREDENTIALS,
    moving: false,
    budgets: false,
    now: clock.now,
    ...options.exchange,
  });
  const ids = createIds();
  const members = new Set([ANN.id, BOB.id]);
  const acknowledged: AuditEvent[] = [];
  const stores: Store[] = [];

  async function start(): Promise<Running> {
    const store = await openStore(file);
    stores.push(store);
    const life = createLife();
    const real = createTrail(store, clock.now);
    const append = async (entry: Entry, patienceMs?: number) => {
      if (life.next === `before ${entry.step}`) life.die();
      if (life.isDead()) return never<never>();
      const appended = await real.events.append(entry, patienceMs);
      if (appended.ok) acknowledged.push(appended.event);
      if (life.next === `after ${entry.step}`) life.die();
      return appended;
    };
    const trail = {
      events: mortal({ ...real.events, append }, life),
      projections: mortal(real.projections, life),
      outbox: mortal(real.outbox, life),
      billClaims: mortal(real.billClaims, life),
    };
    const bitget = createBitget({
      account: ACCOUNT,
      baseUrl: exchange.url,
      credentials: CREDENTIALS,
      demo: false,
      productTypes: ["USDT-FUTURES"],
      timeoutMs: options.timeoutMs ?? 5000,
      clock: clockOf(clock.now),
      redact: createRedact(Object.values(CREDENTIALS)),
    });
    const deps: Deps = {
      exchange: mortal(bitget, life),
      ...trail,
      killSwitch: createKillSwitch(trail),
      rules: {
        perAdjustment: decimal("1000"),
        removeFloor: decimal<"ratio">("0"),
        confirmTtlMs: TTL_MS,
        settleWindowMs: WINDOW_MS,
      },
      ids,
      now: clock.now,
      sureNow: async () => clock.now(),
      monotonic: clock.now,
      async pause(ms) {
        clock.pass(ms);
        // Whatever else is due comes first, as it would in a real pause.
        await setImmediate();
      },
      roleOf: (id) => (members.has(id) ? "admin" : undefined),
      closing: () => false,
    };
    await bitget.start();
    await deps.killSwitch.load();
    await recover(deps);
    await expireCards(deps);
    return { deps, store, life };
  }

  return {
    exchange,
    file,
    members,
    clock,
    acknowledged,
    start,
    async close() {
      await exchange.close();
      await Promise.all(stores.map((store) => store.close()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function positionKey(symbol: string, holdSide: "long" | "short"): PositionKey {
  return { account: ACCOUNT, productType: "USDT-FUTURES", symbol, marginCoin: "USDT", holdSide };
}

export interface Card {
  readonly proposal: Proposal;
  readonly nonce: string;
  readonly cancelled: readonly AuditEvent[];
}

export const WORDING = {
  card: ({ adjustment }: Proposal) => `${adjustment.direction} ${adjustment.amount}`,
  refusal: ({ code }: { code: string }) => `no: ${code}`,
};

/** A card for Ann: 50 USDT into BTC long, unless told otherwise. Throws when there is none. */
export async function cardOf(
  deps: Deps,
  request: Partial<Omit<AdjustmentRequest, "expression">> & { direction?: Direction; amount?: string } = {},
): Promise<Card> {
  const { direction = "add", amount = "50", ...changes } = request;
  const whole = {
    position: positionKey("BTCUSDT", "long"),
    expression: plainAmount(direction, decimal(amount)),
    askedBy: ANN,
    location: PRIVATE,
    ...changes,
  };
  const proposed = await propose(deps, whole, WORDING);
  if (proposed.kind === "refused") throw new Error(`no card: ${proposed.refusal.code}`);
  if (proposed.kind !== "proposed") throw new Error(`no card: ${proposed.kind}`);
  return proposed;
}

/** The press of the card's own button by who asked for it, but for what is said otherwise. */
export function pressOf({ proposal, nonce }: Card, changes: Partial<Press> = {}): Press {
  return {
    adjustment: proposal.adjustment.id,
    nonce,
    by: proposal.askedBy,
    location: proposal.location,
    source: { press: "1" },
    ...changes,
  };
}
