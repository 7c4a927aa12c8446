/** What is aged, expired, undone and signed while somebody sets the machine's clock, or the machine sleeps. */
import { describe, expect, it } from "vitest";
import { confirm } from "../../../src/margin/lifecycle/confirm.ts";
import { expireCards } from "../../../src/margin/lifecycle/expire.ts";
import { send } from "../../../src/margin/lifecycle/send.ts";
import type { Deps } from "../../../src/margin/ports/deps.ts";
import { undoStateOf } from "../../../src/margin/rules/undo.ts";
import { openDeps, pressOf, type TestDeps } from "../../support/open-deps.ts";
import { position } from "../../support/people.ts";

const HOUR_MS = 3_600_000;
const STEPS = [-HOUR_MS, HOUR_MS, -180_000, 180_000];
const TTL_MS = 60_000;

/** A desk that knows Bitget's time, on a machine that is so much ahead. */
async function openSure(aheadMs = 0): Promise<TestDeps> {
  const world = await openDeps({}, aheadMs);
  await world.deps.exchange.syncClock();
  return world;
}

/** The same world, in which `happens` once the row `sending` stands and before anything leaves. */
function afterSending(deps: Deps, happens: () => void): Deps {
  const append: Deps["events"]["append"] = async (entry) => {
    const appended = await deps.events.append(entry);
    if (entry.step === "sending") happens();
    return appended;
  };
  return { ...deps, events: { ...deps.events, append } };
}

describe.each(STEPS)("a machine's clock that is set by %i ms", (ms) => {
  it("makes no card last longer", async () => {
    const { deps, clock, card, steps } = await openSure();
    const shown = await card();
    clock.set(ms);
    clock.advance(TTL_MS);
    expect(await confirm(deps, pressOf(shown))).toMatchObject({ kind: "expired" });
    expect(steps()).toEqual(["proposed", "expired"]);
  });

  it("makes no card last shorter", async () => {
    const { deps, clock, card } = await openSure();
    const shown = await card();
    clock.set(ms);
    clock.advance(TTL_MS - 1);
    expect(await expireCards(deps)).toEqual([]);
    expect(await confirm(deps, pressOf(shown))).toMatchObject({ kind: "won" });
  });

  it("makes none at all differ where Bitget cannot be asked", async () => {
    const { deps, clock, card, exchange } = await openSure();
    const shown = await card();
    exchange.fail({ path: "/api/v2/public/time", how: { kind: "reset" }, times: 9 });
    clock.set(ms);
    clock.advance(TTL_MS - 1);
    expect(await expireCards(deps)).toEqual([]);
    clock.advance(1);
    expect(await confirm(deps, pressOf(shown))).toMatchObject({ kind: "expired" });
  });
});

describe("a machine that sleeps", () => {
  it("confirms no card whose time is over: Bitget is asked first", async () => {
    const { deps, clock, card } = await openSure();
    const shown = await card();
    clock.sleep(TTL_MS);
    expect(await confirm(deps, pressOf(shown))).toMatchObject({ kind: "expired" });
  });

  it("writes `expired` when it wakes", async () => {
    const { deps, clock, card, steps } = await openSure();
    await card();
    clock.sleep(TTL_MS);
    expect(await expireCards(deps)).toHaveLength(1);
    expect(steps()).toEqual(["proposed", "expired"]);
  });

  it("gives a new card its whole time", async () => {
    const { deps, clock, card } = await openSure();
    // So short that Bitget refuses no signature, which would have it asked, too.
    clock.sleep(20_000);
    expect((await card()).proposal.expiresAt).toBe(clock.now() + TTL_MS);
    expect(deps.now()).toBe(clock.now());
  });

  it.each([
    ["not", 29_000, "accepted"],
    ["", 31_000, "rejected"],
  ] as const)("between the row and the call is %s refused by Bitget after %i ms", async (_not, ms, step) => {
    const { deps, clock, confirmed, sent } = await openSure();
    const proposal = await confirmed();
    const event = await send(
      afterSending(deps, () => clock.sleep(ms)),
      proposal,
    );
    expect([event.step, sent().length]).toEqual([step, 1]);
  });
});

it.each([-180_000, 180_000])(
  "a machine that is %i ms ahead writes Bitget's time, and what it did can be undone",
  async (aheadMs) => {
    const { deps, clock, confirmed } = await openSure(aheadMs);
    const proposal = await confirmed();
    const event = await send(deps, proposal);
    expect([event.step, event.at]).toEqual(["accepted", clock.now()]);
    const [sending] = (await deps.events.of(event.adjustment)).filter((row) => row.step === "sending");
    expect(sending?.step === "sending" && [sending.at, sending.detail.serverAt]).toEqual([clock.now(), clock.now()]);
    const reading = await deps.exchange.position(position());
    const openedAt = reading.ok ? reading.value?.openedAt : undefined;
    expect(openedAt).toBeDefined();
    expect(await undoStateOf(deps, { id: event.adjustment, position: position() }, openedAt)).toBe("open");
  },
);
