/**
 * The fault matrix: each fault of the exchange × applied or not × add or remove. A card is pressed under the fault; in
 * the end the exchange's ledger and the bot's books and words must say the same.
 */
import { BITGET_CODES } from "../../src/bitget/http/error-codes.ts";
import type { BillSign, Fault } from "../../src/paper/exchange.ts";
import { sample } from "./sample.ts";
import { type Case, type Options, type Outcome, runCases } from "./table.ts";
import { type Expectation, verdictOn } from "./truth.ts";
import {
  ask,
  BILLS,
  DEEDS,
  DIRECTIONS,
  type Direction,
  inWorld,
  POSITION,
  pause,
  press,
  SET_MARGIN,
  type World,
} from "./world.ts";

const FOREVER = Number.POSITIVE_INFINITY;
/** Longer than the budget of a call, shorter than the window in which nothing is decided. */
const LATE_MS = 750;
/** Cases of a representative part. */
const PART = 10;

interface Waits {
  readonly timeoutMs?: number;
  readonly lingerMs?: number;
  /** The answer to a new line once the symbol is free again. */
  readonly free?: RegExp;
}

interface Plan extends Expectation, Waits {
  readonly name: string;
  readonly gated?: boolean;
  /** Before the bot starts. */
  arrange?(world: World): void;
  /** After the card is shown, before it is pressed. */
  before?(world: World, direction: Direction): void;
  /** From the press on. */
  during?(world: World, direction: Direction): Promise<void>;
}

const amountOf = (direction: Direction): string => DEEDS[direction].amount;
const when = (applied: boolean) => (applied ? "after" : "before");
const lose = ({ exchange }: World, applied: boolean) =>
  void exchange.fail({ path: SET_MARGIN, how: { kind: "reset" }, when: when(applied) });
const settledAs = (applied: boolean) => (applied ? ["applied"] : ["not_applied"]);

/** The call has been made, and its answer is lost or on its way. */
async function called({ exchange }: World): Promise<void> {
  while (!exchange.calls.some(({ path }) => SET_MARGIN.test(path))) await pause(5);
}

/** The chat was told that it is not known. */
async function unknown({ ann }: World): Promise<void> {
  await ann.chat.waitFor(/^Not known yet/);
}

/** The call is stopped at the exchange, before or after it is handled; `act` happens; then it goes on. */
function heldCall(world: World, at: "before" | "after", act: () => void | Promise<void>): () => Promise<void> {
  const hold = world.exchange.hold({ path: SET_MARGIN, when: at });
  return async () => {
    await hold.reached;
    await act();
    hold.release();
  };
}

const both = (make: (applied: boolean) => Plan): Plan[] => [true, false].map(make);

/** F5 to F18, F21 to F23: the answer is lost or says nothing, and the call was handled or not. */
const SILENCES: readonly (readonly [name: string, how: Fault])[] = [
  ["F5/F6 reset", { kind: "reset" }],
  ["F7/F8 time-out", { kind: "hang" }],
  ["F7/F8 silence, then the connection ends", { kind: "hang", ms: 300 }],
  ...[500, 502, 503, 504].map((status) => [`F10/F11 HTTP ${status}`, { kind: "status", status } as const] as const),
  ["F10/F11 HTTP 500 with a refusal's code", { kind: "code", code: "40798", msg: "Insufficient balance", status: 500 }],
  ["F12 HTTP 429", { kind: "status", status: 429 }],
  ["F12 HTTP 429 with Retry-After", { kind: "status", status: 429, headers: { "retry-after": "1" } }],
  ["F12 HTTP 429 with a refusal's code", { kind: "code", code: "40798", msg: "Insufficient balance", status: 429 }],
  ["F14 HTML", { kind: "html" }],
  ["F15 bad JSON", { kind: "json", body: '{"code":"00000","msg":' }],
  ["F16 truncated", { kind: "truncated" }],
  ["F17 empty", { kind: "empty" }],
  ["F18 numeric code", { kind: "json", body: '{"code":0,"msg":"success","requestTime":1,"data":""}' }],
  ["F18 code 0", { kind: "json", body: '{"code":"0","msg":"success","requestTime":1,"data":""}' }],
  ["F18 a list", { kind: "json", body: "[]" }],
  ["F18 success without its time", { kind: "json", body: '{"code":"00000","msg":"success","data":""}' }],
  ["F19 unknown code", { kind: "code", code: "99999", msg: "something", status: 200 }],
  ...["40015", "40200", "40604", "50008", "40725", "45001", "40010", "40908", "429", "40808"].map(
    (code) => [`F21 code ${code}`, { kind: "code", code, msg: "system abnormal" } as const] as const,
  ),
  ["F22 drops that take too long", { kind: "drip", bytes: 1, intervalMs: 30 }],
  ["F23 a body of 100 MB", { kind: "huge", bytes: 100_000_000 }],
  ["F23 a gzip bomb", { kind: "huge", bytes: 100_000_000, gzip: true }],
];

function silences(): Plan[] {
  return SILENCES.flatMap(([name, how]) =>
    both((applied) => ({
      name: `${name}, ${applied ? "applied" : "not applied"}`,
      ends: settledAs(applied),
      before: ({ exchange }) => void exchange.fail({ path: SET_MARGIN, how, when: when(applied) }),
    })),
  );
}

function redirects(): Plan[] {
  return [307, 308].flatMap((status) =>
    both((applied) => ({
      name: `F13 HTTP ${status} to itself, ${applied ? "applied" : "not applied"}`,
      ends: settledAs(applied),
      before: ({ exchange }) => {
        const headers = { location: `${exchange.url}/api/v2/mix/account/set-margin` };
        exchange.fail({ path: SET_MARGIN, how: { kind: "status", status, headers }, when: when(applied) });
      },
    })),
  );
}

function connections(): Plan[] {
  const stale = (name: string, before: (world: World) => void): Plan => ({
    name: `F36 every kept connection is stale, ${name}`,
    gated: true,
    free: /Expires|could not be read/,
    before: (world) => {
      before(world);
      world.gate.cutAfterAnswers("later");
    },
  });
  return [
    {
      name: "F1 connection refused",
      gated: true,
      ends: ["rejected", "refused"],
      free: /Expires|could not be|not be read/,
      before: (world) => {
        world.gate.cutAfterAnswers("at once");
        const hold = world.exchange.hold({ path: POSITION, when: "after" });
        void hold.reached.then(async () => {
          await pause(100);
          await world.gate.shut();
          hold.release();
        });
      },
    },
    stale("answered", () => undefined),
    stale("lost and applied", (world) => lose(world, true)),
    stale("lost and not applied", (world) => lose(world, false)),
  ];
}

function lateOnes(): Plan[] {
  const late = ({ exchange }: World) => void exchange.fail({ path: SET_MARGIN, how: { kind: "late", ms: LATE_MS } });
  return [
    // Nobody can tell it from somebody else's adjustment: a person decides.
    { name: "F9 applied after the time-out", ends: ["unknown"], before: late },
    {
      name: "F9 refused after the time-out",
      ends: ["not_applied"],
      before: late,
      during: async (world, direction) => {
        await called(world);
        if (direction === "add") world.exchange.setAvailable("USDT", "0");
        else world.exchange.setPrice("BTCUSDT", "88000");
      },
      free: /Expires|free balance/,
    },
  ];
}

/** F20: each code that proves that nothing was done by this request. */
function refusals(): Plan[] {
  const plans = BITGET_CODES.filter((row) => "why" in row).map(({ code }) => ({
    name: `F20 code ${code}, not applied`,
    ends: ["rejected"],
    before: ({ exchange }: World) =>
      void exchange.fail({ path: SET_MARGIN, how: { kind: "code", code, msg: "refused" }, when: "before" }),
  }));
  const texts = ["margin mode == FIXED", "hold side is null", "checkBDScale error value=1 checkScale=4"];
  const byText = texts.map((msg) => ({
    name: `F20 code 40808 with "${msg.slice(0, 11)}", not applied`,
    ends: ["rejected"],
    before: ({ exchange }: World) =>
      void exchange.fail({ path: SET_MARGIN, how: { kind: "code", code: "40808", msg }, when: "before" }),
  }));
  return [...plans, ...byText];
}

function duplicates(): Plan[] {
  const twice = ({ exchange }: World) => void exchange.fail({ path: SET_MARGIN, how: { kind: "duplicate" } });
  return [
    { name: "F24 delivered twice, answered", excess: true, before: twice },
    {
      name: "F24 delivered twice, answer lost",
      ends: ["unknown"],
      excess: true,
      before: (world) => {
        twice(world);
        world.exchange.hold({ path: SET_MARGIN, when: "after" });
      },
    },
  ];
}

/** F24: the request was delivered twice; the first was applied, and the answer is the refusal of the second. */
function refusedTwins(): Plan[] {
  const first = ["A", "C", "M", "X"].flatMap(
    (kind) => BITGET_CODES.find((row) => "why" in row && row.class === kind) ?? [],
  );
  return [...first.map(({ code }) => code), "40798"].map((code) => ({
    name: `F24 delivered twice, the second refused with ${code}`,
    ends: ["applied"],
    before: ({ exchange }: World) =>
      void exchange.fail({ path: SET_MARGIN, how: { kind: "code", code, msg: "refused" }, when: "after" }),
  }));
}

const FATES = ["answered", "lost and applied", "lost and not applied"] as const;

function underFate(world: World, fate: (typeof FATES)[number]): void {
  if (fate !== "answered") lose(world, fate === "lost and applied");
}

function endsOf(fate: (typeof FATES)[number]): string[] {
  return fate === "answered" ? ["accepted"] : settledAs(fate === "lost and applied");
}

function clocks(): Plan[] {
  const atStart = [5, 31, 3600, -5, -31, -3600].flatMap((seconds) =>
    FATES.map((fate) => ({
      name: `F25 clock ${seconds} s off from the start, ${fate}`,
      ends: endsOf(fate),
      arrange: ({ exchange }: World) => exchange.skew(seconds * 1000),
      before: (world: World) => underFate(world, fate),
    })),
  );
  const afterCard = [5, 31, 3600, -5, -31, -3600].flatMap((seconds) =>
    FATES.map((fate) => ({
      name: `F25 clock ${seconds} s off from the card on, ${fate}`,
      ...(Math.abs(seconds) > 30 || fate === "answered" ? { ends: endsOf(fate) } : {}),
      before: (world: World) => {
        world.exchange.skew(seconds * 1000);
        underFate(world, fate);
      },
    })),
  );
  const waiting = [5, 31, 3600, -5, -31].flatMap((seconds) =>
    both((applied) => ({
      name: `F26 clock jumps ${seconds} s while waiting, ${applied ? "applied" : "not applied"}`,
      // Back by half a minute: the window ends that much later, and two looks follow.
      timeoutMs: 90_000,
      before: (world) => {
        world.exchange.billDelay({ ms: LATE_MS });
        lose(world, applied);
      },
      during: async (world) => {
        await unknown(world);
        world.exchange.skew(seconds * 1000);
      },
    })),
  );
  return [...atStart, ...afterCard, ...waiting];
}

function lateBills(): Plan[] {
  const plan = (name: string, delay: { ms: number } | { reads: number }, ends: string[], waits: Waits = {}): Plan => ({
    name: `F27 bills late by ${name}, applied`,
    ends,
    ...waits,
    before: (world) => {
      world.exchange.billDelay(delay);
      lose(world, true);
    },
  });
  return [
    plan("0 s", { ms: 0 }, ["applied"]),
    plan("600 ms", { ms: 600 }, ["applied"]),
    plan("5 s, longer than the window", { ms: 5000 }, ["applied"], { lingerMs: 8000, timeoutMs: 16_000 }),
    plan("60 s", { ms: 60_000 }, ["unknown"]),
    plan("300 s", { ms: 300_000 }, ["unknown"]),
    plan("one read", { reads: 1 }, ["applied"]),
    plan("two reads", { reads: 2 }, ["applied"]),
  ];
}

type Page = { bills: { billId: string }[] | null; endId: string };

function billPages(): Plan[] {
  const edits: readonly (readonly [string, (page: Page) => unknown, times: number])[] = [
    ["every row twice", ({ bills, endId }) => ({ bills: [...(bills ?? []), ...(bills ?? [])], endId }), FOREVER],
    ["in the other order", ({ bills, endId }) => ({ bills: bills?.toReversed(), endId }), FOREVER],
    ["without its newest row, twice", ({ bills, endId }) => ({ bills: bills?.slice(1), endId }), 2],
    ["as null, twice", () => ({ bills: null, endId: "" }), 2],
    ["of another shape, three times", () => ({ list: [] }), 3],
  ];
  const edited = edits.flatMap(([name, edit, times]) =>
    both((applied) => ({
      name: `F28 the list of bills comes ${name}, ${applied ? "applied" : "not applied"}`,
      ends: settledAs(applied),
      before: (world) => {
        const how = {
          kind: "edit",
          edit: (envelope: { data: unknown }) => ({ ...envelope, data: edit(envelope.data as Page) }),
        } as const;
        world.exchange.fail({ path: BILLS, how, times });
        lose(world, applied);
      },
    })),
  );
  const broken = (
    [
      ["HTTP 500", { kind: "status", status: 500 }],
      ["a time-out", { kind: "hang" }],
      ["code 45001", { kind: "code", code: "45001", msg: "unknown" }],
    ] as const
  ).flatMap(([name, how]) =>
    both((applied) => ({
      name: `F28 three lists of bills end in ${name}, ${applied ? "applied" : "not applied"}`,
      ends: settledAs(applied),
      before: (world) => {
        world.exchange.fail({ path: BILLS, how, times: 3 });
        lose(world, applied);
      },
    })),
  );
  const many = both((applied) => ({
    name: `F28 a hundred and thirty newer bills, ${applied ? "applied" : "not applied"}`,
    ends: settledAs(applied),
    before: (world) => {
      lose(world, applied);
      void heldCall(world, "after", () => {
        for (let times = 0; times < 130; times++) world.exchange.setMarginOutside("ETHUSDT", "long", "1");
      })();
    },
  }));
  return [...edited, ...broken, ...many];
}

/** Somebody or something else moves margin: while our call is under way, or once its answer is lost. */
function outsiders(): Plan[] {
  const deeds: readonly (readonly [string, (world: World, direction: Direction) => void])[] = [
    [
      "F29 somebody moves the same amount",
      ({ exchange }, direction) => exchange.setMarginOutside("BTCUSDT", "long", amountOf(direction)),
    ],
    ["F30 somebody moves another amount", ({ exchange }) => exchange.setMarginOutside("BTCUSDT", "long", "7")],
    ["F31 the exchange tops it up", ({ exchange }) => exchange.autoAppend("BTCUSDT", "long", "7")],
    ["F31 the exchange tops it up by the same amount", ({ exchange }) => exchange.autoAppend("BTCUSDT", "long", "50")],
    [
      "F33 somebody moves the same amount on the other side",
      ({ exchange }, direction) => exchange.setMarginOutside("BTCUSDT", "short", amountOf(direction)),
    ],
  ];
  const arrange = ({ exchange }: World) =>
    exchange.open({
      symbol: "BTCUSDT",
      holdSide: "short",
      marginSize: "300",
      total: "0.02",
      openPriceAvg: "98500",
      leverage: "10",
    });
  const free = /Expires/;
  const after = deeds.flatMap(([name, deed]) =>
    both((applied) => ({
      name: `${name} once it is lost, ${applied ? "applied" : "not applied"}`,
      free,
      arrange,
      before: (world) => lose(world, applied),
      during: async (world, direction) => {
        await unknown(world);
        deed(world, direction);
      },
    })),
  );
  const unseen = deeds.map(([name, deed]) => ({
    name: `${name} once it is lost, applied and no bill shown yet`,
    free,
    arrange,
    before: (world: World) => {
      world.exchange.billDelay({ ms: 600 });
      lose(world, true);
    },
    during: async (world: World, direction: Direction) => {
      await unknown(world);
      deed(world, direction);
    },
  }));
  const meanwhile = deeds.flatMap(([name, deed]) =>
    both((applied) => ({
      name: `${name} during the call, ${applied ? "applied" : "not applied"}`,
      free,
      arrange,
      before: (world, direction) => {
        lose(world, applied);
        void heldCall(world, when(applied), () => deed(world, direction))();
      },
    })),
  );
  // The same amount on the same side, in the very moment of a call that was not applied, is the one thing that the
  // exchange's figures cannot tell apart from our own adjustment; the documentation says so.
  const isTwin = ({ name }: Plan) => name === "F29 somebody moves the same amount during the call, not applied";
  return [...after, ...unseen, ...meanwhile.filter((plan) => !isTwin(plan))];
}

function changes(): Plan[] {
  const deeds: readonly (readonly [string, (world: World) => void])[] = [
    ["is closed", ({ exchange }) => exchange.closePosition("BTCUSDT", "long")],
    [
      "flips",
      ({ exchange }) => {
        exchange.closePosition("BTCUSDT", "long");
        exchange.open({
          symbol: "BTCUSDT",
          holdSide: "short",
          marginSize: "300",
          total: "0.02",
          openPriceAvg: "98500",
          leverage: "10",
        });
      },
    ],
    ["changes its leverage", ({ exchange }) => exchange.change("BTCUSDT", "long", { leverage: "12" })],
    ["changes its size", ({ exchange }) => exchange.change("BTCUSDT", "long", { total: "0.04" })],
    ["becomes crossed", ({ exchange }) => exchange.change("BTCUSDT", "long", { marginMode: "crossed" })],
  ];
  const free = /Expires|no open|cross margin|How much/;
  const beforePress = deeds.map(([name, deed]) => ({
    name: `F32 the position ${name} between card and press`,
    ends: ["refused"],
    free,
    before: (world: World) => deed(world),
  }));
  const underWay = deeds.flatMap(([name, deed]) => [
    {
      name: `F32 the position ${name} while the call is on its way`,
      free,
      before: (world: World) => void heldCall(world, "before", () => deed(world))(),
    },
    ...both((applied) => ({
      name: `F32 the position ${name} during the call, answer lost, ${applied ? "applied" : "not applied"}`,
      free,
      before: (world) => {
        lose(world, applied);
        void heldCall(world, when(applied), () => deed(world))();
      },
    })),
  ]);
  return [...beforePress, ...underWay];
}

type Positions = { symbol: string; marginSize: string }[];

/** F34, F35: what the position says after the call. The fault begins once the call has been made. */
function liars(): Plan[] {
  const onceCalled = (world: World, how: Fault, times: number) =>
    void heldCall(world, "after", () => void world.exchange.fail({ path: POSITION, how, times }))();
  const editing = (edit: (rows: Positions) => unknown): Fault => ({
    kind: "edit",
    edit: (envelope) => ({ ...envelope, data: edit(envelope.data as Positions) }),
  });
  const stale = editing((rows) => rows.map((row) => ({ ...row, marginSize: "612.5" })));
  const moved = (direction: Direction) =>
    editing((rows) => rows.map((row) => ({ ...row, marginSize: direction === "add" ? "662.5" : "592.5" })));
  const empty = editing(() => []);
  const error: Fault = { kind: "status", status: 503 };
  const lost = (
    name: string,
    applied: boolean,
    ends: string[] | undefined,
    how: (direction: Direction) => Fault,
    times: number,
  ): Plan => ({
    name: `${name}, ${applied ? "applied" : "not applied"}`,
    ...(ends === undefined ? {} : { ends }),
    // A new line reads the same position, and may meet the same lie.
    free: /Expires|no open|is still not known|could not be|did not answer/,
    before: (world, direction) => {
      lose(world, applied);
      onceCalled(world, how(direction), times);
    },
  });
  return [
    lost("F34 the bill is there and the position never shows it", true, ["unknown"], () => stale, FOREVER),
    lost("F34 the position shows it three looks later than the bill", true, ["applied"], () => stale, 3),
    lost("F34 the position shows what no bill does", false, ["unknown"], moved, FOREVER),
    lost("F34 the position shows what no bill does, three times", false, ["not_applied"], moved, 3),
    ...both((applied) =>
      lost("F35 the position cannot be read three times", applied, settledAs(applied), () => error, 3),
    ),
    // Meanwhile the bill must speak for itself; one that is as near to the signature as the clocks may be off is for a person.
    ...both((applied) =>
      lost(
        "F35 the list of positions is empty three times",
        applied,
        applied ? ["applied", "unknown"] : settledAs(applied),
        () => empty,
        3,
      ),
    ),
    ...both((applied) => lost("F35 the list of positions is empty for good", applied, undefined, () => empty, FOREVER)),
    {
      name: "F35 accepted, and the position cannot be read",
      ends: ["accepted"],
      free: /Expires|could not be|did not answer/,
      before: (world) => onceCalled(world, error, 12),
    },
    {
      name: "F35 accepted, and the position still shows the old margin",
      ends: ["accepted"],
      before: (world) => onceCalled(world, stale, 3),
    },
    {
      name: "F35 the fresh look at the position fails",
      ends: ["refused"],
      before: ({ exchange }) => void exchange.fail({ path: POSITION, how: error }),
    },
    {
      name: "F35 the fresh look finds an empty list",
      ends: ["refused"],
      before: ({ exchange }) => void exchange.fail({ path: POSITION, how: empty }),
    },
    {
      // An addition goes on without it: Bitget says no where the balance is short.
      name: "F35 the fresh look at the balance fails",
      ends: ["accepted", "refused"],
      before: ({ exchange }) => void exchange.fail({ path: /account\/account$/, how: error }),
    },
    {
      name: "F22 drops that are quick enough",
      ends: ["accepted"],
      before: ({ exchange }) =>
        void exchange.fail({ path: SET_MARGIN, when: "after", how: { kind: "drip", bytes: 20, intervalMs: 5 } }),
    },
    { name: "no fault at all", ends: ["accepted"] },
  ];
}

const PLANS = [silences, redirects, connections, lateOnes, duplicates, refusedTwins, clocks, changes];
/** What bills decide is tried with either sign of theirs. */
const PLANS_OF_BILLS = [lateBills, billPages, outsiders, liars];

async function survive(plan: Plan, direction: Direction, billSign: BillSign): Promise<readonly string[]> {
  const options = { gated: plan.gated ?? false, billSign };
  return inWorld(async (world) => {
    plan.arrange?.(world);
    await world.start();
    const card = await ask(world, direction);
    plan.before?.(world, direction);
    press(world, direction, card);
    await plan.during?.(world, direction);
    return verdictOn(world, plan);
  }, options);
}

const caseOf = (plan: Plan, direction: Direction, billSign: BillSign): Case => ({
  name: `${plan.name}, ${direction}${billSign === "balance" ? ", bills as the balance moves" : ""}`,
  run: () => survive(plan, direction, billSign),
});

const SIGNS = ["position", "balance"] as const satisfies readonly BillSign[];
const signAt = (index: number): BillSign => (index % 2 === 0 ? "position" : "balance");

function cases(): Case[] {
  const both = PLANS_OF_BILLS.flatMap((plans) => plans()).flatMap((plan) =>
    DIRECTIONS.flatMap((direction) => SIGNS.map((sign) => caseOf(plan, direction, sign))),
  );
  // The signs take turns where bills only confirm.
  const full = PLANS.flatMap((plans) => plans()).flatMap((plan, index) =>
    DIRECTIONS.map((direction, at) => caseOf(plan, direction, signAt(index + at))),
  );
  // A refusal takes the same way whatever its code: the directions take turns, too.
  const taken = refusals().map((plan, index) => caseOf(plan, index % 2 === 0 ? "add" : "remove", signAt(index >> 1)));
  return [...both, ...full, ...taken];
}

/** Options beyond the common ones: `only` runs the cases whose names hold this text. */
export async function faultMatrix({ seed, scale, only = "" }: Options & { only?: string }): Promise<Outcome> {
  const all = cases().filter(({ name }) => name.includes(only));
  return runCases("fault matrix", scale === "whole" ? all : sample(all, PART, seed));
}
