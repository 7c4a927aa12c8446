/** A representative part of the model, and what it or its thinking found: each case stays. */
import { expect, it, onTestFinished } from "vitest";
import { verifyInBackground } from "../../src/audit/background.ts";
import { confirm } from "../../src/margin/lifecycle/confirm.ts";
import { refuse } from "../../src/margin/lifecycle/propose.ts";
import { send } from "../../src/margin/lifecycle/send.ts";
import { type Amount, decimal } from "../../src/margin/model/decimal.ts";
import type { Proposal } from "../../src/margin/model/proposal.ts";
import type { Deps } from "../../src/margin/ports/deps.ts";
import { reconcile } from "../../src/margin/reconciliation/reconcile.ts";
import { model, replay } from "./model.ts";
import {
  ACCOUNT,
  ANN,
  BOB,
  cardOf,
  openBench,
  PRIVATE,
  positionKey,
  pressOf,
  SET_MARGIN,
  WINDOW_MS,
} from "./model-desk.ts";

async function open(timeoutMs?: number) {
  const bench = await openBench(timeoutMs === undefined ? {} : { timeoutMs });
  onTestFinished(() => bench.close());
  return { ...bench, ...(await bench.start()) };
}

async function confirmed(deps: Deps, request: Parameters<typeof cardOf>[1] = {}): Promise<Proposal> {
  const pressed = await confirm(deps, pressOf(await cardOf(deps, request)));
  if (pressed.kind !== "won") throw new Error(`not confirmed: ${pressed.kind}`);
  return pressed.proposal;
}

/** Looks three times, as the settlement worker does; gives the step at which the adjustment then stands. */
async function lookedAfter(deps: Deps, id: string): Promise<string | undefined> {
  let memory = { wasQuiet: false, likelyNot: false };
  for (let looks = 1; looks <= 3; looks++) {
    const { kind } = await reconcile(deps, id, memory);
    const wasQuiet = memory.wasQuiet || kind === "quiet" || kind === "likely_not";
    memory = { wasQuiet, likelyNot: kind === "likely_not" };
  }
  return (await deps.events.of(id)).at(-1)?.step;
}

it("the books agree with the exchange after any order of adjustments and misfortunes", async () => {
  const seed = Number(process.env["TORTURE_SEED"] ?? 20_261_122);
  expect((await model({ seed, scale: "part" })).failures).toEqual([]);
});

it("a request that arrives after its time-out is found, whatever happens meanwhile", async () => {
  const counts = await replay([
    ["propose", 0, 1, "add", 0, false],
    ["press", 0, 3, "", true, { kind: "late" }],
    ["look", 0, ""],
    ["freeze"],
    ["arrive", 0, false],
    ["restart"],
    ["outside", 2, "auto", ""],
    ["look", 0, "before"],
    ["byHand", 0, 1],
  ]);
  expect(counts).toMatchObject({ "send unknown": 1, "late applied": 1, "by hand too_early": 1 });
});

it("a process that dies at each moment of a send leaves books that can be settled", async () => {
  for (const step of ["sending", "accepted"] as const) {
    for (const when of ["before", "after"] as const) {
      const counts = await replay([
        ["propose", 0, 0, "remove", 1, true],
        ["press", 0, 3, "", false, { kind: "crash", at: `${when} ${step}` }],
        ["outside", 0, "other", ""],
        ["pass", 6, false],
        ["look", 0, "after"],
      ]);
      expect(counts).toMatchObject({ "send died": 1 });
    }
  }
});

it.each(["before", "after"] as const)(
  "the same deed by somebody else is not mistaken for ours: lost %s it was applied",
  async (when) => {
    const counts = await replay([
      ["propose", 0, 1, "add", 0, false],
      ["press", 0, 3, "", false, { kind: "fault", name: "reset", when }],
      ["outside", 1, "same", ""],
      ["look", 0, ""],
      ["pass", 6, false],
      ["look", 0, ""],
    ]);
    expect(counts).toMatchObject({ "send unknown": 1, "outside same": 1, "left to a person": 1 });
  },
);

it("a clock that runs away from Bitget's after the start leads to no wrong verdict: a removal by somebody else", async () => {
  const { deps, exchange, clock } = await open();
  const proposal = await confirmed(deps, { position: positionKey("SOLUSDT", "long") });
  exchange.skew(-5_000);
  exchange.fail({ path: SET_MARGIN, how: { kind: "reset" }, when: "after" });
  expect((await send(deps, proposal)).step).toBe("unknown");
  clock.pass(1_000);
  exchange.setMarginOutside("SOLUSDT", "long", "-50");
  clock.pass(WINDOW_MS);
  expect(exchange.applied()).toHaveLength(1);
  expect(await lookedAfter(deps, proposal.adjustment.id)).not.toBe("not_applied");
});

it("a clock that runs away from Bitget's after the start leads to no wrong verdict: our own earlier bill", async () => {
  const { deps, exchange, clock } = await open(400);
  const sides = { long: positionKey("SOLUSDT", "long"), short: positionKey("SOLUSDT", "short") };
  const long = await confirmed(deps, { position: sides.long, amount: "5" });
  const short = await confirmed(deps, { position: sides.short, amount: "5" });
  exchange.skew(1_500);
  expect((await send(deps, long)).step).toBe("accepted");
  clock.pass(1_000);
  exchange.fail({ path: SET_MARGIN, how: { kind: "reset" } });
  const door = exchange.hold(SET_MARGIN);
  const sent = send(deps, short);
  await door.reached;
  clock.pass(10_000);
  expect((await sent).step).toBe("unknown");
  door.release();
  exchange.change("SOLUSDT", "short", { total: "5" });
  expect(exchange.applied()).toHaveLength(1);
  expect(await lookedAfter(deps, short.adjustment.id)).not.toBe("applied");
});

it("a kill switch that is pulled while it is being let go is pulled, in the table and in the process", async () => {
  const { deps } = await open();
  await deps.killSwitch.freeze(BOB, PRIVATE, "asked");
  await Promise.all([deps.killSwitch.unfreeze(BOB, PRIVATE), deps.killSwitch.freeze(BOB, PRIVATE, "asked")]);
  const table = (await deps.projections.lastNote(["frozen", "unfrozen"]))?.step;
  expect(deps.killSwitch.frozen() === undefined ? "unfrozen" : "frozen").toBe(table);
});

it("a kill switch stops a call that waits in the second gate of the limiter", async () => {
  const { deps, exchange } = await open();
  const calls = () => exchange.calls.filter(({ path }) => path === SET_MARGIN);
  const proposal = await confirmed(deps);
  const other = { id: "x", position: positionKey("ETHUSDT", "long"), direction: "add" } as const;
  const request = deps.exchange.buildRequest({ ...other, amount: decimal("0.01") as Amount });
  // Five places that were given a while ago are used at one moment, as when five fresh looks end together.
  const permits = await Promise.all(Array.from({ length: 5 }, () => deps.exchange.takePermit(ACCOUNT)));
  const look = exchange.hold({ path: /single-position/, when: "after" });
  const sent = send(deps, proposal);
  await look.reached;
  await Promise.all(
    permits.map((permit) => permit && deps.exchange.adjustMargin(request, permit, deps.exchange.serverNow())),
  );
  look.release();
  while ((await deps.events.of(proposal.adjustment.id)).at(-1)?.step === "confirmed") await new Promise(setImmediate);
  expect(calls()).toHaveLength(5);
  await deps.killSwitch.freeze(BOB, PRIVATE, "asked");
  await sent;
  expect(calls()).toHaveLength(5);
});

it("the table verifies while it is being written", async () => {
  const { deps, file } = await open();
  let over = false;
  const writing = (async () => {
    while (!over) {
      await refuse(deps, { askedBy: ANN, location: PRIVATE }, { code: "zero" }, "no");
      await new Promise(setImmediate);
    }
  })();
  const verdicts = [];
  for (let times = 1; times <= 5; times++) verdicts.push(await verifyInBackground(file));
  over = true;
  await writing;
  expect(verdicts.filter((verdict) => verdict?.kind !== "ok")).toEqual([]);
});
