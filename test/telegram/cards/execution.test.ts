/** A confirmed card is carried out, and nothing hangs where that breaks. */
import { describe, expect, it } from "vitest";
import type { Proposal } from "../../../src/margin/model/proposal.ts";
import type { Deps } from "../../../src/margin/ports/deps.ts";
import { carryOut } from "../../../src/telegram/cards/execution.ts";
import { openChat, type TestChat } from "../../support/chat.ts";
import { SET_MARGIN } from "../../support/open-deps.ts";
import { ANN } from "../../support/people.ts";

/** The table takes no row of this step until what is given is called. */
async function refuseRow({ store }: TestChat, step: string): Promise<() => Promise<unknown>> {
  await store.prisma.$executeRawUnsafe(
    `CREATE TRIGGER full BEFORE INSERT ON audit_event WHEN NEW.step = '${step}' BEGIN SELECT RAISE(ABORT, 'no room'); END`,
  );
  return () => store.prisma.$executeRawUnsafe("DROP TRIGGER full");
}

/** Carries a confirmed card out while the table takes no row of this step. `told`: what its person hears. */
async function carryOutHeld(parts: TestChat, step: string, deps: Deps = parts.deps) {
  const ann = parts.telegram.user({ id: Number(ANN.id), firstName: "Ann" });
  ann.says("/start");
  const confirmed = await parts.confirmed();
  const proposal = { ...confirmed, location: { chat: ANN.id, topic: "", message: "" } };
  const mended = await refuseRow(parts, step);
  const done = carryOut({ ...parts.chat, deps }, proposal);
  const told = ann.chat.waitFor(/^Not written down yet/).then(({ text }) => text);
  return { told, proposal, done, mended };
}

async function stepsOf({ deps }: TestChat, { adjustment }: Proposal): Promise<string[]> {
  return (await deps.events.of(adjustment.id)).map(({ step }) => step);
}

describe("an adjustment that breaks before anything was sent", () => {
  it("is refused and told, and nothing is frozen where the table took its rows", async () => {
    const { chat, deps, elsewhere, confirmed, steps, sent, logged } = await openChat();
    let nudges = 0;
    const outbox = { nudge: () => void nudges++ };
    await carryOut({ ...chat, deps: elsewhere, outbox }, await confirmed());
    expect(deps.killSwitch.frozen()).toBeUndefined();
    expect(steps()).toEqual(["proposed", "confirmed", "refused"]);
    expect(logged).toContain("deed_broken");
    expect([nudges, sent()]).toEqual([1, []]);
    const [pending] = await deps.outbox.pending(1);
    expect(pending).toMatchObject({ code: "broken", detail: { refusal: { code: "broken" } } });
  });

  it("is refused where the row `sending` could not be written, and nothing was sent", async () => {
    const parts = await openChat();
    const proposal = await parts.confirmed();
    await refuseRow(parts, "sending");
    await carryOut(parts.chat, proposal);
    expect(parts.steps()).toEqual(["proposed", "confirmed", "refused"]);
    expect(parts.sent()).toEqual([]);
  });

  it("is told as not done at once where even that cannot be written, and refused as soon as it can", async () => {
    const parts = await openChat();
    const { told, proposal, done, mended } = await carryOutHeld(parts, "refused", parts.elsewhere);
    expect(await told).toMatch(/^Not written down yet: Add 50 USDT · BTC long\.\nNot done\. Nothing was sent\./);
    expect(parts.deps.killSwitch.frozen()).toBe("write_failed");
    await mended();
    await done;
    expect(await stepsOf(parts, proposal)).toEqual(["proposed", "confirmed", "refused"]);
    expect(parts.sent()).toEqual([]);
  });
});

describe("an answer of Bitget's that the table does not take", () => {
  it.each([
    ["accepted", "Done. Bitget accepted it", undefined],
    ["rejected", "Not done. Bitget refused it, and nothing was changed", { kind: "code", code: "40798", msg: "no" }],
    ["unknown", "Not known yet. Bitget may or may not have done it", { kind: "status", status: 502 }],
  ] as const)("is told at once, held, and written once it does: %s", async (step, known, how) => {
    const parts = await openChat();
    if (how !== undefined) parts.exchange.fail({ path: SET_MARGIN, how });
    const { told, proposal, done, mended } = await carryOutHeld(parts, step);
    expect(await told).toContain(`Not written down yet: Add 50 USDT · BTC long.\n${known}. But the bot's database`);
    expect(parts.deps.killSwitch.frozen()).toBe("write_failed");
    expect(parts.lines).toContainEqual(expect.objectContaining({ event: "row_held", step, busy: false }));
    await mended();
    await done;
    expect(await stepsOf(parts, proposal)).toEqual(["proposed", "confirmed", "sending", step]);
    expect(parts.sent()).toHaveLength(1);
  });
});
