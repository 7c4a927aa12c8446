/**
 * The model: any order of proposals, presses, faults, crashes, interference, kill switches and settling, and after each step
 * what must hold for the books, the calls and the exchange. The adjustments' states are foretold, the truth is looked up.
 */
import fc from "fast-check";
import { verifyFile } from "../../src/audit/verify.ts";
import { plainAmount } from "../../src/margin/input/expression.ts";
import { cancel, confirm } from "../../src/margin/lifecycle/confirm.ts";
import { expireCards } from "../../src/margin/lifecycle/expire.ts";
import { propose } from "../../src/margin/lifecycle/propose.ts";
import { send } from "../../src/margin/lifecycle/send.ts";
import type { Actor } from "../../src/margin/model/audit-event.ts";
import { decimal } from "../../src/margin/model/decimal.ts";
import type { Proposal } from "../../src/margin/model/proposal.ts";
import { type Memory, reconcile } from "../../src/margin/reconciliation/reconcile.ts";
import { settleByHand } from "../../src/margin/reconciliation/settle-manually.ts";
import type { Fault } from "../../src/paper/exchange.ts";
import {
  ANN,
  type Bench,
  BOB,
  type Card,
  EVE,
  GROUP,
  type Moment,
  openBench,
  PRIVATE,
  positionKey,
  pressOf,
  type Running,
  SET_MARGIN,
  TTL_MS,
  WINDOW_MS,
  WORDING,
} from "./model-desk.ts";
import { createOracle, type Oracle } from "./model-oracle.ts";

const PEOPLE: readonly Actor[] = [ANN, BOB, EVE];
const POSITIONS = [
  ["BTCUSDT", "long"],
  ["SOLUSDT", "long"],
  ["SOLUSDT", "short"],
] as const;
const AMOUNTS = ["5", "7.5"] as const;
const PAUSES_MS = [1, 900, 5_000, 20_000, 31_000, TTL_MS, WINDOW_MS] as const;
const VALIDITY_MS = 30_000;
const DURING_CALL_MS = 50;
const TIMED_OUT_MS = 10_000;
const TIMEOUT_MS = 1_000;

const FAULTS: Readonly<Record<string, Fault>> = {
  reset: { kind: "reset" },
  unavailable: { kind: "status", status: 503 },
  redirect: { kind: "status", status: 307, headers: { location: SET_MARGIN } },
  misdirected: { kind: "status", status: 421 },
  html: { kind: "html" },
  "bad json": { kind: "json", body: '{"code":"000' },
  "other shape": { kind: "json", body: '{"code":0}' },
  empty: { kind: "empty" },
  truncated: { kind: "truncated" },
  "unknown code": { kind: "code", code: "99999", msg: "something new" },
  "open code": { kind: "code", code: "40725", msg: "service return an error" },
  "too many": { kind: "code", code: "429", msg: "Too Many Requests", status: 429 },
  "refused by a broken gate": { kind: "code", code: "40801", msg: "too much", status: 502 },
};
/** A no that proves that nothing was done: it can only come before. */
const REFUSALS: Readonly<Record<string, Fault>> = {
  "removes too much": { kind: "code", code: "40801", msg: "Exceeded the maximum transferable margin amount" },
  "too poor": { kind: "code", code: "40798", msg: "Insufficient contract account balance" },
  "wrong key": { kind: "code", code: "40006", msg: "Invalid ACCESS_KEY" },
  maintenance: { kind: "code", code: "40844", msg: "under maintenance" },
};

/** What befalls a call. */
type HttpResult =
  | { readonly kind: "plain" }
  | { readonly kind: "fault"; readonly name: string; readonly when: "before" | "after" }
  /** No answer in time; the request still lies on its way. */
  | { readonly kind: "late" }
  | { readonly kind: "crash"; readonly at: Moment }
  /** The process dies while its request is at the exchange. */
  | { readonly kind: "crash in flight"; readonly applied: boolean }
  /** Somebody pulls the kill switch during the fresh look, or when the call has left. */
  | { readonly kind: "freeze"; readonly when: "looking" | "flying" };

interface Tracked {
  readonly card: Card;
  readonly id: string;
  memory: Memory;
  /** A request that may still be executed. */
  late?: { release(): void };
}

interface World {
  readonly bench: Bench;
  readonly oracle: Oracle;
  readonly cards: Tracked[];
  bot: Running;
  readonly counts: Record<string, number>;
}

const NO_MEMORY: Memory = { wasQuiet: false, likelyNot: false };
const pick = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(1, list.length)];
const count = (world: World, what: string) => {
  world.counts[what] = (world.counts[what] ?? 0) + 1;
};

function expect(actual: unknown, wanted: unknown, what: string): void {
  if (actual !== wanted) throw new Error(`${what}: foretold ${String(wanted)}, came to ${String(actual)}`);
}

const setMarginCalls = ({ bench }: World) => bench.exchange.calls.filter(({ path }) => path === SET_MARGIN);

/** The request that lies on its way goes on: the exchange judges it by the clock of now, or it is lost. */
async function deliver({ bench }: World, held: { release(): void }, lost: boolean): Promise<void> {
  const withdraw = lost ? bench.exchange.fail({ path: SET_MARGIN, how: { kind: "reset" } }) : () => undefined;
  const handled = bench.exchange.hold({ path: SET_MARGIN, when: "after" });
  held.release();
  await handled.reached;
  handled.release();
  withdraw();
}

async function restart(world: World): Promise<void> {
  world.bot.life.die();
  await world.bot.store.close();
  world.bot = await world.bench.start();
  world.oracle.check();
  for (const tracked of world.cards) {
    tracked.memory = NO_MEMORY;
    const step = world.oracle.stepOf(tracked.id);
    if (step === "sending" || step === "confirmed") throw new Error(`I16 ${tracked.id} is ${step} after a start`);
  }
}

function faultOf(result: HttpResult): { how: Fault; when: "before" | "after" } | undefined {
  if (result.kind !== "fault") return undefined;
  const refusal = REFUSALS[result.name];
  if (refusal !== undefined) return { how: refusal, when: "before" };
  const how = FAULTS[result.name];
  return how && { how, when: result.when };
}

/** The call has reached the exchange's door, and nothing of it was handled yet. */
function atTheDoor(world: World, tracked: Tracked): void {
  const call = setMarginCalls(world).at(-1);
  if (call === undefined) throw new Error("a call without a record");
  world.oracle.check();
  if (world.oracle.isFrozen()) throw new Error(`I17 ${tracked.id} reached the exchange while frozen`);
  expect(world.oracle.stepOf(tracked.id), "sending", `I2 the row of ${tracked.id} when its call arrives`);
  const row = world.oracle.rowsOf(tracked.id).at(-1);
  expect(call.body, (JSON.parse(row?.detail ?? "{}") as { body?: string }).body, "I2 bytes stored and bytes sent");
  world.oracle.arrived(tracked.id, call);
}

/** What happens while the call is at the door; gives true when the process died of it. */
async function inFlight(
  world: World,
  tracked: Tracked,
  result: HttpResult,
  door: { release(): void },
): Promise<boolean> {
  const { bench, bot } = world;
  if (result.kind === "late") {
    bench.clock.pass(TIMED_OUT_MS);
    tracked.late = door;
    return false;
  }
  bench.clock.pass(DURING_CALL_MS);
  if (result.kind === "crash in flight") {
    bot.life.die();
    await deliver(world, door, !result.applied);
    return true;
  }
  if (result.kind === "freeze" && result.when === "flying") await bot.deps.killSwitch.freeze(BOB, PRIVATE, "asked");
  door.release();
  return false;
}

async function carryOut(world: World, tracked: Tracked, proposal: Proposal, result: HttpResult): Promise<void> {
  const { bench, bot } = world;
  const { exchange } = bench;
  const fault = faultOf(result);
  const withdraw = fault === undefined ? () => undefined : exchange.fail({ path: SET_MARGIN, ...fault });
  const door = exchange.hold({ path: SET_MARGIN, when: "before" });
  const looking = result.kind === "freeze" && result.when === "looking";
  const look = looking ? exchange.hold({ path: /single-position/, when: "after" }) : undefined;
  if (result.kind === "crash") bot.life.dieAt(result.at);
  const before = setMarginCalls(world).length;
  const sent = send(bot.deps, proposal).then((event) => event.step);
  if (look !== undefined) {
    if (await Promise.race([look.reached.then(() => true), sent.then(() => false)])) {
      await bot.deps.killSwitch.freeze(BOB, PRIVATE, "asked");
    }
    look.release();
  }
  const died = bot.life.died.then(() => "died" as const);
  const first = await Promise.race([sent, died, door.reached.then(() => "door" as const)]);
  if (first === "door") atTheDoor(world, tracked);
  const dead = first === "died" || (first === "door" && (await inFlight(world, tracked, result, door)));
  const last = dead ? "died" : await Promise.race([sent, died]);
  if (first !== "door") door.release();
  withdraw();
  count(world, `send ${last}`);
  const calls = setMarginCalls(world).length - before;
  if (calls > 1) throw new Error(`I1 ${calls} calls for one confirmation`);
  if (last === "died") await restart(world);
  else foretold(world, tracked, result, last);
}

function foretold(world: World, tracked: Tracked, result: HttpResult, last: string): void {
  world.oracle.check();
  const called = world.oracle.rowsOf(tracked.id).some(({ step }) => step === "sending");
  if (!called) expect(last, "refused", `${tracked.id} without a call`);
  if (!called) return;
  if (result.kind === "freeze" && result.when === "looking")
    throw new Error(`I17 ${tracked.id} was sent after the kill switch`);
  if (result.kind === "late") expect(last, "unknown", `${tracked.id} without an answer`);
  if (result.kind !== "fault") return;
  const proven =
    result.name in REFUSALS || (result.when === "after" && last === "rejected" && result.name.endsWith("code"));
  if (result.name in REFUSALS) expect(last, "rejected", `${tracked.id} with a definite no`);
  else if (!proven) expect(last, "unknown", `${tracked.id} with a broken answer (${result.name} ${result.when})`);
}

/** While a request whose end nobody saw may still be executed, the same adjustment by somebody else cannot be told apart. */
function wouldBeMistaken(world: World, symbol: string, amount: string): boolean {
  return world.oracle.open().some((id) => {
    const rows = world.oracle.rowsOf(id);
    const { detail } = rows.at(-1) ?? {};
    const sending = rows.find(({ step }) => step === "sending");
    const { exchanged } = JSON.parse(detail ?? "{}") as { exchanged?: { endedAt?: number } };
    if (sending === undefined || exchanged?.endedAt !== undefined) return false;
    const inTime = world.bench.clock.now() <= sending.at + VALIDITY_MS;
    return inTime && sending.symbol === symbol && sending.amount === amount.replace("-", "");
  });
}

async function look(world: World, tracked: Tracked): Promise<void> {
  const { deps, life } = world.bot;
  const died = life.died.then(() => undefined);
  const found = await Promise.race([reconcile(deps, tracked.id, tracked.memory), died]);
  if (found === undefined) return restart(world);
  const { kind } = found;
  count(world, `look ${kind}`);
  tracked.memory = {
    wasQuiet: tracked.memory.wasQuiet || kind === "quiet" || kind === "likely_not",
    likelyNot: kind === "likely_not",
  };
  world.oracle.check();
}

const truth = (world: World, id: string) => (world.oracle.applied(id) > 0 ? "applied" : "not_applied");

async function byHand(world: World, tracked: Tracked, by: Actor): Promise<string> {
  const outcome = truth(world, tracked.id);
  const deed = { id: tracked.id, outcome, reason: "looked in the app", by, location: PRIVATE } as const;
  const { kind } = await settleByHand(world.bot.deps, deed);
  world.oracle.check();
  count(world, `by hand ${kind}`);
  return kind;
}

type Run = (world: World) => Promise<void>;

const running = (world: World, step: string) => world.cards.filter(({ id }) => world.oracle.stepOf(id) === step);

/** The commands by name, so that a failing run can be written down as plain data. */
const COMMANDS = {
  propose: (who: number, where: number, direction: "add" | "remove", amount: number, group: boolean): Run => {
    return async (world) => {
      const askedBy = PEOPLE[who] ?? ANN;
      const [symbol, holdSide] = POSITIONS[where] ?? POSITIONS[0];
      const locked = world.oracle.open().some((id) => world.oracle.rowsOf(id)[0]?.symbol === symbol);
      const request = {
        position: positionKey(symbol, holdSide),
        expression: plainAmount(direction, decimal(AMOUNTS[amount] ?? AMOUNTS[0])),
        askedBy,
        location: group ? GROUP : PRIVATE,
      };
      const replaced = running(world, "proposed").filter(({ card: { proposal } }) => {
        const { position } = proposal.adjustment;
        return proposal.askedBy.id === askedBy.id && position.symbol === symbol && position.holdSide === holdSide;
      });
      const proposed = await propose(world.bot.deps, request, WORDING);
      world.oracle.check();
      count(world, `propose ${proposed.kind}`);
      if (!world.bench.members.has(askedBy.id)) expect(proposed.kind, "refused", "a stranger's wish");
      else if (world.oracle.isFrozen() || locked) expect(proposed.kind, "refused", "a wish while frozen or locked");
      if (proposed.kind !== "proposed") return;
      const id = proposed.proposal.adjustment.id;
      world.cards.push({ card: proposed, id, memory: NO_MEMORY });
      for (const earlier of replaced)
        expect(world.oracle.stepOf(earlier.id), "cancelled", `the earlier card ${earlier.id}`);
    };
  },
  press: (
    which: number,
    who: number,
    forged: "" | "nonce" | "chat" | "topic",
    twice: boolean,
    result: HttpResult,
  ): Run => {
    return async (world) => {
      const tracked = pick(running(world, "proposed"), which) ?? pick(world.cards, which);
      if (tracked === undefined) return;
      const { proposal } = tracked.card;
      const by = who === 3 ? proposal.askedBy : (PEOPLE[who] ?? ANN);
      const location = { ...proposal.location };
      if (forged === "chat") location.chat = "-1";
      if (forged === "topic") location.topic = "8";
      const press = pressOf(tracked.card, { by, location, ...(forged === "nonce" ? { nonce: "guessed" } : {}) });
      const wanted = foretellPress(world, tracked, by, forged);
      const presses = [press, ...(twice ? [press] : [])].map((one) => confirm(world.bot.deps, one));
      const pressed = await Promise.all(presses);
      world.oracle.check();
      const won = pressed.filter(({ kind }) => kind === "won").length;
      expect(won, wanted === "won" ? 1 : 0, `presses of ${tracked.id} that win (${wanted})`);
      if (wanted !== "won") expect(pressed[0]?.kind, wanted, `a press of ${tracked.id}`);
      count(world, `press ${wanted}`);
      const winner = pressed.find((one) => one.kind === "won");
      if (winner?.kind === "won") await carryOut(world, tracked, winner.proposal, result);
    };
  },
  /** Two cards are confirmed and sent at the same moment. */
  both: (which: number): Run => {
    return async (world) => {
      const open = running(world, "proposed").filter(({ card }) => world.bench.clock.now() < card.proposal.expiresAt);
      const pair = [open[which % Math.max(1, open.length)], open[(which + 1) % Math.max(1, open.length)]];
      const [one, two] = pair;
      if (one === undefined || two === undefined || one === two || world.oracle.isFrozen()) return;
      const before = setMarginCalls(world).length;
      const steps = await Promise.all(
        [one, two].map(async ({ card }) => {
          const pressed = await confirm(world.bot.deps, pressOf(card));
          return pressed.kind === "won" ? (await send(world.bot.deps, pressed.proposal)).step : pressed.kind;
        }),
      );
      for (const call of setMarginCalls(world).slice(before)) {
        const owner = [one, two].find(({ id }) => bodyOf(world, id) === call.body && !world.oracle.wasCalled(id));
        if (owner === undefined) throw new Error("I2 a call without a row");
        world.oracle.arrived(owner.id, call);
      }
      world.oracle.check();
      count(world, `both ${steps.toSorted().join(" and ")}`);
    };
  },
  cancel: (which: number, who: number): Run => {
    return async (world) => {
      const tracked = pick(world.cards, which);
      if (tracked === undefined) return;
      const by = who === 3 ? tracked.card.proposal.askedBy : (PEOPLE[who] ?? ANN);
      const before = world.oracle.stepOf(tracked.id);
      const late = world.bench.clock.now() >= tracked.card.proposal.expiresAt;
      const { kind } = await cancel(world.bot.deps, pressOf(tracked.card, { by }));
      world.oracle.check();
      const wanted = !world.bench.members.has(by.id)
        ? "no_card"
        : before !== "proposed"
          ? "over"
          : late
            ? "expired"
            : "won";
      expect(kind, wanted, `cancelling ${tracked.id}, which was ${before}`);
    };
  },
  pass: (pause: number, sweep: boolean): Run => {
    return async (world) => {
      world.bench.clock.pass(PAUSES_MS[pause] ?? 1);
      if (!sweep) return;
      await expireCards(world.bot.deps);
      world.oracle.check();
      for (const { card, id } of running(world, "proposed")) {
        if (world.bench.clock.now() >= card.proposal.expiresAt) throw new Error(`${id} was not swept`);
      }
    };
  },
  restart: (): Run => restart,
  blindness: (times: number): Run => {
    return async (world) => {
      world.bench.exchange.fail({ path: /./, method: "GET", how: { kind: "status", status: 503 }, times });
    };
  },
  outside: (where: number, kind: "same" | "other" | "auto" | "leverage" | "size" | "close", sign: "" | "-"): Run => {
    return async (world) => {
      const { exchange } = world.bench;
      // The very adjustment whose outcome nobody knows is the one that could be mistaken for it.
      const [open] = kind === "same" ? world.oracle.open() : [];
      const twin = open === undefined ? undefined : world.oracle.rowsOf(open)[0];
      const isTwin = (position: (typeof POSITIONS)[number]) =>
        position[0] === twin?.symbol && position[1] === twin.hold_side;
      const [symbol, holdSide] = POSITIONS.find(isTwin) ?? POSITIONS[where] ?? POSITIONS[0];
      if (exchange.position(symbol, holdSide) === undefined) {
        const seed = { symbol, holdSide, marginSize: "110", total: "10", openPriceAvg: "178.5", leverage: "20" };
        return exchange.open(seed);
      }
      const amount = `${sign}${kind === "same" ? (twin?.amount ?? AMOUNTS[where % AMOUNTS.length]) : "3.25"}`;
      if (kind === "same" && wouldBeMistaken(world, symbol, amount)) return;
      count(world, `outside ${kind}`);
      if (kind === "same" || kind === "other") {
        const fits = sign === "" || Number(exchange.position(symbol, holdSide)?.marginSize) > 20;
        if (fits) exchange.setMarginOutside(symbol, holdSide, amount);
      } else if (kind === "auto") exchange.autoAppend(symbol, holdSide, "5");
      else if (kind === "leverage") exchange.change(symbol, holdSide, { leverage: sign === "" ? "15" : "12" });
      else if (kind === "size") exchange.change(symbol, holdSide, { total: sign === "" ? "9" : "8" });
      else if (symbol !== "BTCUSDT") exchange.closePosition(symbol, holdSide);
    };
  },
  freeze: (): Run => async (world) => void (await world.bot.deps.killSwitch.freeze(BOB, PRIVATE, "asked")),
  unfreeze: (): Run => async (world) => void (await world.bot.deps.killSwitch.unfreeze(BOB, PRIVATE)),
  byHand: (which: number, who: number): Run => {
    return async (world) => {
      const tracked = pick(running(world, "unknown"), which) ?? pick(world.cards, which);
      if (tracked === undefined) return;
      const by = PEOPLE[who] ?? ANN;
      const sent = world.oracle.rowsOf(tracked.id).find(({ step }) => step === "sending");
      const isOpen = world.oracle.stepOf(tracked.id) === "unknown";
      const tooEarly = sent !== undefined && world.bench.clock.now() < sent.at + WINDOW_MS;
      const wanted = !world.bench.members.has(by.id)
        ? "not_admin"
        : !isOpen
          ? "not_open"
          : tooEarly
            ? "too_early"
            : "settled";
      expect(await byHand(world, tracked, by), wanted, `settling ${tracked.id} by hand`);
    };
  },
  look: (which: number, crash: "" | "before" | "after"): Run => {
    return async (world) => {
      const tracked = pick(running(world, "unknown"), which);
      if (tracked === undefined) return;
      if (crash !== "") world.bot.life.dieAt(`${crash} ${truth(world, tracked.id)}`);
      await look(world, tracked);
      world.bot.life.dieAt(undefined);
    };
  },
  arrive: (which: number, lost: boolean): Run => {
    return async (world) => {
      const waiting = world.cards.filter(({ late }) => late !== undefined);
      const tracked = pick(waiting, which);
      if (tracked?.late === undefined) return;
      const { late } = tracked;
      delete tracked.late;
      await deliver(world, late, lost);
      count(world, `late ${truth(world, tracked.id)}`);
    };
  },
  billsLate:
    (ms: 0 | 5_000 | 60_000): Run =>
    async (world) =>
      world.bench.exchange.billDelay({ ms }),
} as const;

/** The body that the row `sending` holds: read from the bot's own table, and compared with what arrived. */
function bodyOf(world: World, id: string): string | undefined {
  world.oracle.read();
  const row = world.oracle.rowsOf(id).find(({ step }) => step === "sending");
  return row && (JSON.parse(row.detail) as { body: string }).body;
}

function foretellPress(world: World, { id, card }: Tracked, by: Actor, forged: string): string {
  if (world.bot.deps.killSwitch.frozen() !== undefined) return "frozen";
  if (forged !== "" || !world.bench.members.has(by.id)) return "no_card";
  if (by.id !== card.proposal.askedBy.id) return "not_yours";
  if (world.oracle.stepOf(id) !== "proposed") return "over";
  return world.bench.clock.now() >= card.proposal.expiresAt ? "expired" : "won";
}

type Commands = typeof COMMANDS;
/** A command as plain data: its name and what it is given. */
export type Line = { [Name in keyof Commands]: readonly [Name, ...Parameters<Commands[Name]>] }[keyof Commands];

async function perform(world: World, [name, ...given]: Line): Promise<void> {
  world.bench.clock.pass(20);
  await (COMMANDS[name] as (...values: readonly unknown[]) => Run)(...given)(world);
  world.oracle.check();
}

/** Every request arrives or is lost, all time passes, what the evidence leaves open a person settles; then the books are compared. */
async function finish(world: World): Promise<void> {
  world.bench.exchange.billDelay({ ms: 0 });
  for (const tracked of world.cards) {
    if (tracked.late !== undefined) await COMMANDS.arrive(0, false)(world);
  }
  await restart(world);
  world.bench.clock.pass(WINDOW_MS);
  for (const tracked of running(world, "unknown")) {
    for (let looks = 1; looks <= 12 && world.oracle.stepOf(tracked.id) === "unknown"; looks++)
      await look(world, tracked);
    if (world.oracle.stepOf(tracked.id) !== "unknown") continue;
    count(world, "left to a person");
    expect(await byHand(world, tracked, BOB), "settled", `settling ${tracked.id} at last`);
  }
  world.oracle.check();
  expect(world.oracle.open().length, 0, "adjustments that are still open");
  const verdict = verifyFile(world.bench.file, []);
  expect(verdict.kind, "ok", `I12 the chain ${"reason" in verdict ? verdict.reason : ""}`);
}

async function openWorld(counts: Record<string, number> = {}): Promise<World> {
  const bench = await openBench({ timeoutMs: TIMEOUT_MS });
  const bot = await bench.start();
  return { bench, bot, oracle: createOracle(bench), cards: [], counts };
}

async function closeWorld(world: World): Promise<void> {
  world.oracle.close();
  await world.bench.close();
}

/** Runs a written-down order of commands; throws with the invariant that does not hold. */
export async function replay(lines: readonly Line[]): Promise<Readonly<Record<string, number>>> {
  const world = await openWorld();
  try {
    for (const line of lines) await perform(world, line);
    await finish(world);
  } finally {
    await closeWorld(world);
  }
  return world.counts;
}

class Command implements fc.AsyncCommand<object, World> {
  readonly line: Line;
  constructor(line: Line) {
    this.line = line;
  }
  check = () => true;
  run(_model: object, world: World): Promise<void> {
    count(world, "commands");
    return perform(world, this.line);
  }
  toString(): string {
    return JSON.stringify(this.line);
  }
}

const index = fc.nat({ max: 5 });
const person = fc.constantFrom(0, 0, 0, 0, 1, 1, 1, 1, 2);
/** Mostly who asked for the card. */
const presser = fc.oneof({ weight: 6, arbitrary: fc.constant(3) }, { weight: 1, arbitrary: person });
const forgery = fc.oneof(
  { weight: 12, arbitrary: fc.constant("" as const) },
  { weight: 1, arbitrary: fc.constantFrom("nonce" as const, "chat" as const, "topic" as const) },
);
const rows = ["sending", "accepted", "unknown", "rejected"] as const;
const moments: readonly Moment[] = rows.flatMap((step) => [`before ${step}`, `after ${step}`] as const);
const fates: fc.Arbitrary<HttpResult> = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ kind: "plain" } as const) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("fault" as const),
      name: fc.constantFrom(...Object.keys(FAULTS), ...Object.keys(REFUSALS)),
      when: fc.constantFrom("before" as const, "after" as const),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: "late" } as const) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("crash" as const), at: fc.constantFrom(...moments) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("crash in flight" as const), applied: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("freeze" as const),
      when: fc.constantFrom("looking" as const, "flying" as const),
    }),
  },
);

function lines(): { weight: number; arbitrary: fc.Arbitrary<Line> }[] {
  const name = <Name extends keyof Commands>(value: Name) => fc.constant(value);
  const direction = fc.constantFrom("add" as const, "remove" as const);
  const where = fc.nat({ max: POSITIONS.length - 1 });
  const interference = fc.constantFrom(
    "same",
    "same",
    "same",
    "same",
    "same",
    "other",
    "auto",
    "leverage",
    "size",
    "close",
  );
  return [
    { weight: 14, arbitrary: fc.tuple(name("propose"), person, where, direction, fc.nat({ max: 1 }), fc.boolean()) },
    { weight: 15, arbitrary: fc.tuple(name("press"), index, presser, forgery, fc.boolean(), fates) },
    { weight: 2, arbitrary: fc.tuple(name("both"), index) },
    { weight: 1, arbitrary: fc.tuple(name("cancel"), index, presser) },
    { weight: 4, arbitrary: fc.tuple(name("pass"), fc.nat({ max: PAUSES_MS.length - 1 }), fc.boolean()) },
    { weight: 1, arbitrary: fc.tuple(name("restart")) },
    { weight: 1, arbitrary: fc.tuple(name("blindness"), fc.integer({ min: 1, max: 4 })) },
    { weight: 7, arbitrary: fc.tuple(name("outside"), where, interference, fc.constantFrom("", "-")) },
    { weight: 1, arbitrary: fc.tuple(name("freeze")) },
    { weight: 4, arbitrary: fc.tuple(name("unfreeze")) },
    { weight: 2, arbitrary: fc.tuple(name("byHand"), index, person) },
    { weight: 7, arbitrary: fc.tuple(name("look"), index, fc.constantFrom("", "", "", "before", "after")) },
    { weight: 2, arbitrary: fc.tuple(name("arrive"), index, fc.boolean()) },
    { weight: 1, arbitrary: fc.tuple(name("billsLate"), fc.constantFrom(0, 5_000, 60_000)) },
  ] as { weight: number; arbitrary: fc.Arbitrary<Line> }[];
}

const SIZES = { part: { runs: 24, lanes: 4 }, whole: { runs: 600, lanes: 8 } } as const;
const COMMANDS_MAX = 60;

/** Runs side by side: what they wait for is mostly time, not the processor. */
async function lane(seed: number, runs: number, counts: Record<string, number>): Promise<string | undefined> {
  const all = fc.commands([fc.oneof(...lines()).map((line) => new Command(line))], {
    maxCommands: COMMANDS_MAX,
    size: "max",
  });
  const property = fc.asyncProperty(all, async (commands) => {
    const world = await openWorld(counts);
    count(world, "runs");
    try {
      await fc.asyncModelRun(() => ({ model: {}, real: world }), commands);
      await finish(world);
    } finally {
      await closeWorld(world);
    }
  });
  const details = await fc.check(property, { seed, numRuns: runs });
  if (!details.failed) return undefined;
  const [commands] = details.counterexample ?? [];
  const reason = details.errorInstance instanceof Error ? details.errorInstance.message : "interrupted";
  return `seed ${seed}, path ${details.counterexamplePath}: ${reason}\n    [${String(commands)}]`;
}

export async function model(options: { seed: number; scale: "part" | "whole" }) {
  const { runs, lanes } = SIZES[options.scale];
  const counts: Record<string, number> = {};
  const seeds = Array.from({ length: lanes }, (_, number) => options.seed + number);
  const results = await Promise.all(seeds.map((seed) => lane(seed, runs / lanes, counts)));
  const failures = results.filter((failure) => failure !== undefined);
  const { runs: ran = 0, commands = 0 } = counts;
  return {
    method: "model",
    cases: ran,
    survived: ran - failures.length,
    failures,
    note: `${commands} commands (${Math.round(commands / Math.max(1, ran))} a run), seeds ${seeds[0]} to ${seeds.at(-1)}, ${JSON.stringify(counts)}`,
  };
}
