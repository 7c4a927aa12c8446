import { expect, it } from "vitest";
import { plainAmount } from "../../../src/margin/input/expression.ts";
import { confirm } from "../../../src/margin/lifecycle/confirm.ts";
import { propose } from "../../../src/margin/lifecycle/propose.ts";
import { decimal } from "../../../src/margin/model/decimal.ts";
import { undoesOf, undoStateOf } from "../../../src/margin/rules/undo.ts";
import { openDeps, pressOf, sendForVerdict, WORDING } from "../../support/open-deps.ts";
import { ANN, GROUP, position } from "../../support/people.ts";

const SOL = position("SOLUSDT", "long");

it("is open once for an adjustment that was done, and for nothing else", async () => {
  const { deps, confirmed, card } = await openDeps();
  const deed = (await confirmed({ position: SOL, amount: "9" })).adjustment;
  expect(await undoStateOf(deps, deed)).toBe("nothing_to_undo");
  const proposal = await confirmed({ position: position(), amount: "9" });
  await sendForVerdict(deps, proposal);
  expect(await undoStateOf(deps, proposal.adjustment)).toBe("open");
  const undo = await card({ direction: "remove", amount: "9", undoes: proposal.adjustment.id });
  expect(await undoStateOf(deps, proposal.adjustment)).toBe("open");
  await confirm(deps, pressOf(undo));
  await sendForVerdict(deps, undo.proposal);
  expect(await undoStateOf(deps, proposal.adjustment)).toBe("undone");
  expect(await undoStateOf(deps, undo.proposal.adjustment)).toBe("open");
});

it("moves nothing twice where two cards undo the same adjustment at the same moment", async () => {
  const { deps, confirmed, card, sent, exchange } = await openDeps();
  const deed = await confirmed({ position: SOL, amount: "9" });
  await sendForVerdict(deps, deed);
  const undo = { position: SOL, direction: "remove", amount: "9", undoes: deed.adjustment.id } as const;
  const first = await card(undo);
  await confirm(deps, pressOf(first));
  const second = await card(undo);
  await confirm(deps, pressOf(second));
  expect((await sendForVerdict(deps, first.proposal)).kind).toBe("done");
  expect(await sendForVerdict(deps, second.proposal)).toMatchObject({ refusal: { code: "changed" } });
  const expression = plainAmount("remove", decimal("9"));
  const request = { position: SOL, expression, undoes: deed.adjustment.id, askedBy: ANN, location: GROUP };
  const again = await propose(deps, request, WORDING);
  expect(again).toMatchObject({ kind: "refused", refusal: { code: "undone" } });
  expect(again.kind === "refused" && undoesOf(again.event)).toBe(deed.adjustment.id);
  expect(sent()).toHaveLength(2);
  expect(exchange.position("SOLUSDT", "long")?.marginSize).toBe("110");
});
