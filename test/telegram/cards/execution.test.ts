/** A confirmed card is carried out, and nothing hangs where that breaks. */
import { describe, expect, it } from "vitest";
import { carryOut } from "../../../src/telegram/cards/execution.ts";
import { openChat } from "../../support/chat.ts";

const refuseRow = (step: string) =>
  `CREATE TRIGGER full BEFORE INSERT ON audit_event WHEN NEW.step = '${step}' BEGIN SELECT RAISE(ABORT, 'no room'); END`;

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

  it.each(["sending", "refused"])("freezes the bot where the row %s could not be written", async (step) => {
    const { chat, deps, elsewhere, confirmed, steps, sent, store } = await openChat();
    const proposal = await confirmed();
    await store.prisma.$executeRawUnsafe(refuseRow(step));
    await carryOut(step === "sending" ? chat : { ...chat, deps: elsewhere }, proposal);
    expect(deps.killSwitch.frozen()).toBe("write_failed");
    expect(steps()).toEqual(["proposed", "confirmed", "frozen"]);
    expect(sent()).toEqual([]);
  });
});

it("freezes the bot where the answer to a call could not be written", async () => {
  const { chat, deps, confirmed, steps, sent, store } = await openChat();
  const proposal = await confirmed();
  await store.prisma.$executeRawUnsafe(refuseRow("accepted"));
  await carryOut(chat, proposal);
  expect(deps.killSwitch.frozen()).toBe("write_failed");
  expect(steps()).toEqual(["proposed", "confirmed", "sending", "frozen"]);
  expect(sent()).toHaveLength(1);
});
