import { describe, expect, it } from "vitest";
import { type AmountExpression, plainAmount } from "../../../src/margin/input/expression.ts";
import { propose } from "../../../src/margin/lifecycle/propose.ts";
import { NO_TERMS } from "../../../src/margin/model/audit-event.ts";
import { decimal } from "../../../src/margin/model/decimal.ts";
import { openDeps, SET_MARGIN, sendForVerdict, type TestDeps, WORDING } from "../../support/open-deps.ts";
import { ANN, BOB, EVE, GROUP, position } from "../../support/people.ts";

type Request = Parameters<typeof propose>[1];

const adding = (amount: string) => plainAmount("add", decimal(amount));

function requestOf(changes: Partial<Request> = {}): Request {
  return { position: position(), expression: adding("50"), askedBy: ANN, location: GROUP, ...changes };
}

/** What a request is refused for, and the one row that says so. */
async function refusalOf({ deps, exchange }: TestDeps, changes: Partial<Request>) {
  const proposed = await propose(deps, requestOf(changes), WORDING);
  if (proposed.kind !== "refused") throw new Error("it got a card");
  const [row] = await deps.projections.recent({ limit: 1 });
  expect(row).toMatchObject({ step: "refused", actor: ANN, code: proposed.refusal.code });
  expect(row?.detail).toMatchObject({ shown: `no: ${proposed.refusal.code}`, refusal: proposed.refusal });
  expect(exchange.applied()).toEqual([]);
  return proposed.refusal;
}

describe("a wish that can be granted", () => {
  it("becomes one row with all that was shown, and moves nothing", async () => {
    const { deps, clock, sent } = await openDeps();
    const proposed = await propose(deps, requestOf(), WORDING);
    if (proposed.kind !== "proposed") throw new Error("no card");
    const [row, ...more] = await deps.events.of(proposed.proposal.adjustment.id);
    expect(more).toEqual([]);
    expect(row).toMatchObject({ step: "proposed", actor: ANN, location: GROUP, code: "", at: clock.now() });
    expect(row?.terms).toEqual({ ...position(), direction: "add", amount: "50" });
    expect(row?.detail).toMatchObject({
      shown: "add 50",
      expiresAt: clock.now() + 60_000,
      seen: { margin: "612.5", total: "0.05", leverage: "10", marginMode: "isolated", free: "1500" },
    });
    expect(sent()).toEqual([]);
  });

  it("keeps the card's secret out of the table", async () => {
    const { deps } = await openDeps();
    const proposed = await propose(deps, requestOf(), WORDING);
    if (proposed.kind !== "proposed") throw new Error("no card");
    const [row] = await deps.events.of(proposed.proposal.adjustment.id);
    expect(row).toMatchObject({ detail: { nonceHash: deps.ids.hash(proposed.nonce) } });
    expect(JSON.stringify(row)).not.toContain(proposed.nonce);
  });

  it("takes the place of the same person's card for the same position, and of no other", async () => {
    const { deps, card, steps } = await openDeps();
    const earlier = await card();
    const bobs = await card({ askedBy: BOB });
    const other = await card({ position: position("SOLUSDT", "short") });
    const side = await card({ position: position("SOLUSDT", "long") });
    const later = await card({ amount: "60" });
    expect(later.cancelled.map(({ adjustment, code }) => [adjustment, code])).toEqual([
      [earlier.proposal.adjustment.id, "replaced"],
    ]);
    expect([bobs, other, side].flatMap(({ cancelled }) => cancelled)).toEqual([]);
    expect((await deps.projections.openCards(ANN.id)).map(({ adjustment }) => adjustment)).toEqual(
      [other, side, later].map(({ proposal }) => proposal.adjustment.id),
    );
    expect(steps().filter((step) => step === "cancelled")).toHaveLength(1);
  });

  it("leaves the newest card alone open, however many are asked for at the same moment", async () => {
    const { deps, card } = await openDeps();
    const cards = await Promise.all(["50", "60", "70"].map((amount) => card({ amount })));
    const rows = await deps.projections.recent({ limit: 20 });
    const newest = rows.find(({ step }) => step === "proposed")?.adjustment;
    expect((await deps.projections.openCards(ANN.id)).map(({ adjustment }) => adjustment)).toEqual([newest]);
    const others = cards.map(({ proposal }) => proposal.adjustment.id).filter((id) => id !== newest);
    const replaced = cards.flatMap(({ cancelled }) => cancelled.map(({ adjustment }) => adjustment));
    expect(replaced.toSorted()).toEqual(others.toSorted());
  });

  it("leaves a card alone that was confirmed before its successor could cancel it", async () => {
    const { deps, confirmed, card, steps } = await openDeps();
    const proposal = await confirmed();
    const later = await card({ amount: "60" });
    expect(later.cancelled).toEqual([]);
    expect((await deps.events.of(proposal.adjustment.id)).at(-1)?.step).toBe("confirmed");
    expect(steps()).toEqual(["proposed", "confirmed", "proposed"]);
  });
});

describe("a wish that gets no card", () => {
  it("comes from a stranger, for whom nothing is read", async () => {
    const { deps, exchange, steps } = await openDeps();
    const calls = exchange.calls.length;
    expect(await propose(deps, requestOf({ askedBy: EVE }), WORDING)).toMatchObject({
      refusal: { code: "not_member" },
    });
    expect(exchange.calls.length).toBe(calls);
    expect(steps()).toEqual(["refused"]);
  });

  it("was cancelled by its person while the position was looked at", async () => {
    const world = await openDeps();
    const hold = world.exchange.hold(/single-position/);
    let isOff = false;
    const refusal = refusalOf(world, { isCalledOff: () => isOff });
    await hold.reached;
    isOff = true;
    hold.release();
    expect(await refusal).toEqual({ code: "called_off" });
    expect(world.steps()).toEqual(["refused"]);
  });

  it("met a freeze while the position was looked at", async () => {
    const world = await openDeps();
    const hold = world.exchange.hold(/single-position/);
    const refusal = refusalOf(world, {});
    await hold.reached;
    await world.deps.killSwitch.freeze(BOB, GROUP, "asked");
    hold.release();
    expect(await refusal).toEqual({ code: "frozen" });
  });

  it("was cancelled by its person when its row was written and no card was shown: nobody can confirm it", async () => {
    const { deps, steps } = await openDeps();
    const request = requestOf({ isCalledOff: () => steps().includes("proposed") });
    expect(await propose(deps, request, WORDING)).toMatchObject({ kind: "refused", refusal: { code: "called_off" } });
    const [last] = await deps.projections.recent({ limit: 1 });
    expect(last).toMatchObject({ step: "cancelled", actor: ANN, code: "called_off" });
    expect(steps()).toEqual(["proposed", "cancelled"]);
    expect(await deps.projections.openCards(ANN.id)).toEqual([]);
  });

  it("names a side that has no position", async () => {
    const refusal = await refusalOf(await openDeps(), { position: position("BTCUSDT", "short") });
    expect(refusal).toEqual({ code: "no_position", symbol: "BTCUSDT", holdSide: "short" });
  });

  it("is for a crossed position", async () => {
    const refusal = await refusalOf(await openDeps(), { position: position("XRPUSDT") });
    expect(refusal).toEqual({ code: "cross_margin", symbol: "XRPUSDT", holdSide: "long" });
  });

  it("is for more than the limit of an adjustment", async () => {
    const refusal = await refusalOf(await openDeps(), { expression: adding("1000.0001") });
    expect(refusal).toMatchObject({ code: "over_limit" });
  });

  it("is for more than the balance, seen at that moment", async () => {
    const deps = await openDeps();
    deps.exchange.setAvailable("USDT", "49.9999");
    expect(await refusalOf(deps, {})).toEqual({ code: "balance", free: "49.9999", marginCoin: "USDT" });
    deps.exchange.setAvailable("USDT", "50");
    expect((await deps.card()).proposal.seen.free).toBe("50");
  });

  it("cannot be judged, because the position cannot be read", async () => {
    const deps = await openDeps();
    deps.exchange.fail({ path: "/api/v2/mix/position/single-position", how: { kind: "html" } });
    const exchanged = { httpStatus: 200, fault: "not JSON" };
    expect(await refusalOf(deps, {})).toEqual({ code: "unreadable", why: "no_answer", exchanged });
  });

  it("is none because the balance cannot be read: the position can, and Bitget knows what is free", async () => {
    const deps = await openDeps();
    deps.exchange.fail({ path: "/api/v2/mix/account/account", how: { kind: "truncated" }, times: 2 });
    for (const direction of ["add", "remove"] as const) {
      const { seen, change } = (await deps.card({ direction, amount: "5" })).proposal;
      expect([seen, change]).toEqual([expect.not.objectContaining({ free: expect.anything() }), expect.anything()]);
    }
  });

  it.each<[string, AmountExpression]>([
    ["that may be a slip for one without its `m`", { ...adding("5000000"), beforeM: decimal("5") } as AmountExpression],
    ["below the last decimal of the coin", adding("0.00001")],
  ])("keeps no amount in its row %s: a button that leads on from it would say it was meant", async (_, expression) => {
    const deps = await openDeps();
    deps.exchange.fail({ path: "/api/v2/mix/position/single-position", how: { kind: "html" } });
    const proposed = await propose(deps.deps, requestOf({ expression }), WORDING);
    expect(proposed).toMatchObject({ kind: "refused", refusal: { code: "unreadable" } });
    const [row] = await deps.deps.projections.recent({ limit: 1 });
    expect(row?.terms).toEqual({ ...NO_TERMS, ...position() });
  });

  it("names another coin than the margin's: said of a position that cannot be read, too, and no row is written", async () => {
    const { deps, exchange, sent } = await openDeps();
    exchange.fail({ path: "/api/v2/mix/position/single-position", how: { kind: "html" } });
    const expression = { ...adding("0.5"), coin: "BTC" } as AmountExpression;
    expect(await propose(deps, requestOf({ expression }), WORDING)).toEqual({
      kind: "fault",
      fault: "other_coin",
      what: "BTC",
    });
    expect(await deps.projections.recent({ limit: 1 })).toEqual([]);
    expect(sent()).toEqual([]);
    const stranger = await propose(deps, requestOf({ expression, askedBy: EVE }), WORDING);
    expect(stranger).toMatchObject({ kind: "refused", refusal: { code: "not_member" } });
    expect((await deps.projections.recent({ limit: 1 }))[0]?.terms).toEqual({ ...NO_TERMS, ...position() });
  });

  it("is for a symbol that an unknown outcome locks, whichever the side, and names what is open", async () => {
    const deps = await openDeps();
    const open = await deps.confirmed({ position: position("SOLUSDT", "long"), amount: "5" });
    deps.exchange.fail({ path: SET_MARGIN, how: { kind: "reset" }, when: "after" });
    expect((await sendForVerdict(deps.deps, open)).kind).toBe("unknown");
    for (const side of ["long", "short"] as const) {
      const request = requestOf({ position: position("SOLUSDT", side) });
      const proposed = await propose(deps.deps, request, WORDING);
      expect(proposed).toMatchObject({ refusal: { code: "locked", open: open.adjustment.id, step: "unknown" } });
    }
    expect((await deps.card()).proposal.adjustment.position.symbol).toBe("BTCUSDT");
  });
});

describe("what is asked for", () => {
  const DEEP = { kind: "max", direction: "remove" } as const;

  /** What comes of it, in one look, and the rows that it leaves. */
  async function cameOf(changes: Partial<Request>) {
    const { deps, exchange, steps } = await openDeps();
    await deps.exchange.tiers(position().account, "USDT-FUTURES", "BTCUSDT");
    await deps.exchange.contracts(position().account);
    const before = exchange.calls.length;
    const proposed = await propose(deps, requestOf(changes), WORDING);
    const paths = exchange.calls.slice(before).map(({ path }) => path.slice(path.lastIndexOf("/") + 1));
    expect(paths.toSorted()).toEqual(["account", "single-position"]);
    return { proposed, steps: steps() };
  }

  it("becomes an amount on the position as it is now", async () => {
    const { proposed } = await cameOf({ expression: { kind: "share", share: decimal("0.25") } });
    expect(proposed).toMatchObject({ proposal: { adjustment: { direction: "add", amount: "375" } } });
  });

  it("goes the way that was asked about, where it says none", async () => {
    const { proposed } = await cameOf({ expression: { kind: "amount", digits: decimal("5") }, bare: "remove" });
    expect(proposed).toMatchObject({ proposal: { adjustment: { direction: "remove", amount: "5" } } });
  });

  it("loses the decimals that the coin does not have, and the card says so", async () => {
    const { proposed } = await cameOf({ expression: adding("1.00001") });
    expect(proposed).toMatchObject({ proposal: { adjustment: { amount: "1" }, cutFrom: "1.00001" } });
  });

  it("comes to no amount, and leaves no row", async () => {
    expect(await cameOf({ expression: adding("0.00001") })).toMatchObject({
      proposed: { kind: "fault", fault: "too_small" },
      steps: [],
    });
  });

  it("has two readings on this position, is asked back, and leaves no row", async () => {
    expect(await cameOf({ expression: { kind: "to", figure: decimal("62") } })).toMatchObject({
      proposed: { kind: "asked", choices: [{ kind: "target" }, { kind: "liquidation" }] },
      steps: [],
    });
  });

  it("takes out all that can go, needs a second step, and leaves no row until then", async () => {
    const { proposed, steps } = await cameOf({ expression: DEEP });
    expect(proposed).toMatchObject({ kind: "needs_second_step", direction: "remove", amount: "101.475" });
    expect(steps).toEqual([]);
    const said = await cameOf({ expression: DEEP, isAllMeant: true });
    expect(said.proposed).toMatchObject({ kind: "proposed", proposal: { adjustment: { amount: "101.475" } } });
  });

  it("is judged on the position of now, and the card says what changed since it was shown", async () => {
    const same = {
      marginMode: "isolated",
      total: decimal<"base coin">("0.05"),
      leverage: decimal<"ratio">("10"),
    } as const;
    const expression = { kind: "target", margin: decimal("700") } as const;
    const kept = await cameOf({ expression, shown: { ...same, margin: decimal("612.5") } });
    expect(kept.proposed).toMatchObject({ proposal: { adjustment: { amount: "87.5" }, how: { kind: "target" } } });
    const changed = await cameOf({ expression, shown: { ...same, margin: decimal("600") } });
    expect(changed.proposed).toMatchObject({
      proposal: {
        adjustment: { amount: "87.5" },
        how: { kind: "again", what: "margin", before: "600", now: "612.5" },
      },
    });
  });
});
