import { describe, expect, it } from "vitest";
import { recover } from "../../../src/margin/lifecycle/recover.ts";
import { BOT } from "../../../src/margin/model/audit-event.ts";
import { entryOf, type Proposal } from "../../../src/margin/model/proposal.ts";
import { settleByHand } from "../../../src/margin/reconciliation/settle-manually.ts";
import { openDeps, SET_MARGIN, sendForVerdict, type TestDeps } from "../../support/open-deps.ts";
import { ANN, BOB, EVE, GROUP, position } from "../../support/people.ts";

const WINDOW_MS = 90_000;
const REASON = { reason: "seen in the app" };

/** A desk with one adjustment whose outcome nobody knows. */
async function withUnknown() {
  const all = await openDeps();
  const proposal = await all.confirmed();
  all.exchange.fail({ path: SET_MARGIN, how: { kind: "reset" }, when: "after" });
  await sendForVerdict(all.deps, proposal);
  return { ...all, proposal, id: proposal.adjustment.id };
}

/** Writes `sending` as a process does that dies before it has read the answer. */
async function dieWhileSending({ deps }: TestDeps, proposal: Proposal): Promise<void> {
  const { body, bodySha256 } = deps.exchange.buildRequest(proposal.adjustment);
  const looked = { before: proposal.seen, newestAtLook: 0, serverAt: deps.exchange.serverNow(), clockErrorMs: 0 };
  await deps.events.append(entryOf(proposal, "sending", { body, bodySha256, ...looked }));
}

describe("an unknown outcome", () => {
  it.each(["applied", "not_applied"] as const)(
    "is settled as %s by a named admin, with the reason",
    async (outcome) => {
      const { deps, id, clock, steps } = await withUnknown();
      clock.advance(WINDOW_MS);
      const settled = await settleByHand(deps, { id, outcome, ...REASON, by: BOB, location: GROUP });
      expect(settled).toMatchObject({
        kind: "settled",
        event: { step: outcome, actor: BOB, code: "by_hand", detail: REASON },
      });
      expect(steps().slice(-2)).toEqual(["unknown", outcome]);
    },
  );

  it("cannot be settled before the window since the sending is over", async () => {
    const { deps, id, clock, steps } = await withUnknown();
    const deed = { id, outcome: "not_applied", ...REASON, by: BOB, location: GROUP } as const;
    const from = clock.now() + WINDOW_MS;
    expect(await settleByHand(deps, deed)).toEqual({ kind: "too_early", from });
    clock.advance(WINDOW_MS - 1);
    expect(await settleByHand(deps, deed)).toEqual({ kind: "too_early", from });
    expect(steps().at(-1)).toBe("unknown");
    clock.advance(1);
    expect((await settleByHand(deps, deed)).kind).toBe("settled");
  });

  it("is settled by admins only", async () => {
    const { deps, id, clock, members, steps } = await withUnknown();
    clock.advance(WINDOW_MS);
    members.delete(ANN.id);
    for (const by of [EVE, ANN]) {
      const settling = await settleByHand(deps, { id, outcome: "applied", ...REASON, by, location: GROUP });
      expect(settling).toEqual({ kind: "not_admin" });
    }
    expect(steps().at(-1)).toBe("unknown");
  });

  it("is settled once: of two admins at the same moment one is told that it is not open", async () => {
    const { deps, id, clock, steps } = await withUnknown();
    clock.advance(WINDOW_MS);
    const deed = { id, outcome: "applied", ...REASON, location: GROUP } as const;
    const both = await Promise.all([
      settleByHand(deps, { ...deed, by: ANN }),
      settleByHand(deps, { ...deed, outcome: "not_applied", by: BOB }),
    ]);
    expect(both.map(({ kind }) => kind).toSorted()).toEqual(["not_open", "settled"]);
    expect(steps().filter((step) => step === "applied" || step === "not_applied")).toHaveLength(1);
  });

  it("keeps its symbol locked until it is settled, and not longer", async () => {
    const { deps, id, clock, card } = await withUnknown();
    await expect(card()).rejects.toThrow("locked");
    clock.advance(WINDOW_MS * 1000);
    await expect(card()).rejects.toThrow("locked");
    await settleByHand(deps, { id, outcome: "applied", ...REASON, by: BOB, location: GROUP });
    expect((await card()).proposal.seen.margin).toBe("662.5");
  });

  it("is the only thing that can be settled", async () => {
    const { deps, confirmed, clock } = await openDeps();
    const deed = { outcome: "applied", ...REASON, by: BOB, location: GROUP } as const;
    const proposal = await confirmed();
    clock.advance(WINDOW_MS);
    const at = async (id: string) => settleByHand(deps, { ...deed, id });
    expect(await at("nothing")).toEqual({ kind: "not_open", step: undefined });
    expect(await at(proposal.adjustment.id)).toEqual({ kind: "not_open", step: "confirmed" });
    await sendForVerdict(deps, proposal);
    clock.advance(WINDOW_MS);
    expect(await at(proposal.adjustment.id)).toEqual({ kind: "not_open", step: "accepted" });
  });
});

describe("after a restart", () => {
  it("what was confirmed and not sent is refused", async () => {
    const { deps, confirmed, steps, sent } = await openDeps();
    const proposal = await confirmed();
    await recover(deps);
    const events = await deps.events.of(proposal.adjustment.id);
    expect(events.at(-1)).toMatchObject({ step: "refused", code: "restart", actor: BOT });
    expect(steps()).toEqual(["proposed", "confirmed", "refused"]);
    expect(sent()).toEqual([]);
  });

  it("what was being sent is unknown, and its symbol stays locked", async () => {
    const all = await openDeps();
    const proposal = await all.confirmed();
    await dieWhileSending(all, proposal);
    await recover(all.deps);
    const events = await all.deps.events.of(proposal.adjustment.id);
    expect(events.at(-1)).toMatchObject({ step: "unknown", code: "restart", actor: BOT });
    await expect(all.card()).rejects.toThrow("locked");
    expect(all.sent()).toEqual([]);
  });

  it("neither open cards nor anything that has ended nor an older unknown is touched", async () => {
    const { deps, card, steps, id, sent } = await withUnknown();
    await card({ position: position("SOLUSDT") });
    const before = steps();
    await recover(deps);
    expect(steps()).toEqual(before);
    expect((await deps.events.of(id)).at(-1)?.step).toBe("unknown");
    expect(sent()).toHaveLength(1);
  });

  it("everything is found at once, and a second start finds nothing", async () => {
    const all = await openDeps();
    const stopped = await all.confirmed({ position: position("ETHUSDT"), amount: "1" });
    const lost = await all.confirmed();
    await dieWhileSending(all, lost);
    await recover(all.deps);
    const last = async (id: string) => (await all.deps.events.of(id)).at(-1)?.step;
    expect(await last(stopped.adjustment.id)).toBe("refused");
    expect(await last(lost.adjustment.id)).toBe("unknown");
    const before = await all.deps.projections.head();
    await recover(all.deps);
    expect(await all.deps.projections.head()).toEqual(before);
  });

  it("a late confirmation of what was refused then sends nothing", async () => {
    const { deps, confirmed, sent } = await openDeps();
    const proposal = await confirmed();
    await recover(deps);
    await expect(sendForVerdict(deps, proposal)).rejects.toThrow("did not allow");
    expect(sent()).toEqual([]);
  });
});
