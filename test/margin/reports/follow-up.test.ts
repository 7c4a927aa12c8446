import { expect, it } from "vitest";
import { confirm } from "../../../src/margin/lifecycle/confirm.ts";
import type { Deps } from "../../../src/margin/ports/deps.ts";
import { additionsSoFar } from "../../../src/margin/reports/follow-up.ts";
import { verdictOf } from "../../../src/margin/reports/verdict.ts";
import { undoStateOf } from "../../../src/margin/rules/undo.ts";
import { openDeps, pressOf, sendForVerdict, type TestDeps } from "../../support/open-deps.ts";

type Asked = Readonly<Record<string, (...args: never[]) => unknown>>;

/** The same, and each question to the trail is noted in `asked`. */
function noting<T extends object>(store: T, asked: string[]): T {
  const noted = Object.entries(store as Asked).map(([name, ask]) => {
    const note = (...args: never[]) => {
      asked.push(name);
      return ask(...args);
    };
    return [name, note];
  });
  return Object.fromEntries(noted) as T;
}

/** Adds margin, and gives what a verdict on that asks of the trail, and what it says was added so far. */
async function verdictAfterAdding({ deps, confirmed }: TestDeps) {
  const proposal = await confirmed({ amount: "1" });
  const { event } = await sendForVerdict(deps, proposal);
  const asked: string[] = [];
  const noted: Deps = {
    ...deps,
    events: noting(deps.events, asked),
    projections: noting(deps.projections, asked),
  };
  const verdict = await verdictOf(noted, event.adjustment, event.seq);
  if (verdict?.kind !== "done" || verdict.after === undefined || verdict.after === "gone") throw new Error("not done");
  expect(await undoStateOf(noted, proposal.adjustment)).toBe("open");
  return { asked, additions: await additionsSoFar(noted, proposal, verdict.after) };
}

it("asks the table no more often for a position with many adjustments than for one with two", async () => {
  const world = await openDeps();
  await verdictAfterAdding(world);
  const few = await verdictAfterAdding(world);
  expect(few.additions).toMatchObject({ count: 2, amount: "2" });
  for (let count = 3; count < 12; count++) await sendForVerdict(world.deps, await world.confirmed({ amount: "1" }));
  const many = await verdictAfterAdding(world);
  expect(many.additions).toMatchObject({ count: 12, amount: "12" });
  expect(many.asked).toEqual(few.asked);
});

it("counts no addition that was taken back, and none from before the position was opened", async () => {
  const { deps, confirmed, card, clock } = await openDeps();
  const proposal = await confirmed({ amount: "9" });
  const first = await sendForVerdict(deps, proposal);
  expect(await undoStateOf(deps, proposal.adjustment, first.event.at)).toBe("open");
  expect(await undoStateOf(deps, proposal.adjustment, first.event.at + 1)).toBe("nothing_to_undo");
  const undo = await card({ direction: "remove", amount: "9", undoes: proposal.adjustment.id });
  await confirm(deps, pressOf(undo));
  await sendForVerdict(deps, undo.proposal);
  clock.advance(1000);
  for (const amount of ["2", "3"]) await sendForVerdict(deps, await confirmed({ amount }));
  clock.advance(1000);
  const last = await confirmed({ amount: "4" });
  const verdict = await sendForVerdict(deps, last);
  if (verdict.kind !== "done" || verdict.after === undefined || verdict.after === "gone") throw new Error("not done");
  expect(await additionsSoFar(deps, last, verdict.after)).toMatchObject({ count: 3, amount: "9" });
  const reopened = { ...verdict.after, openedAt: verdict.event.at };
  expect(await additionsSoFar(deps, last, reopened)).toBeUndefined();
});
