/** Whether the exchange knows of more than the table, where its bills come slowly, in pages or not at all. */
import { expect, it } from "vitest";
import { type Noticed, noticeRestore } from "../../../src/margin/reconciliation/restore-check.ts";
import { openDeps, sendForVerdict, type TestDeps } from "../../support/open-deps.ts";
import { ACCOUNT } from "../../support/people.ts";

const BILLS = "/api/v2/mix/account/bill";

/** A desk with one card in its table, a minute ago. */
async function open() {
  const world = await openDeps();
  await world.card();
  world.clock.advance(60_000);
  return world;
}

function noticed({ deps }: TestDeps, quietAt?: number): Promise<Noticed> {
  return noticeRestore(deps, { account: ACCOUNT, productTypes: ["USDT-FUTURES", "COIN-FUTURES"], quietAt });
}

function again(before: Noticed): Promise<Noticed> {
  if (before.kind !== "unread") throw new Error(`it was ${before.kind}`);
  return before.again();
}

it("is not restored where Bitget knows of nothing newer", async () => {
  const world = await open();
  expect(await noticed(world)).toEqual({ kind: "sound" });
  expect(world.steps()).toEqual(["proposed"]);
});

it("is not restored by what others moved while a bot looked on, and is by what came after that", async () => {
  const world = await open();
  world.exchange.setMarginOutside("BTCUSDT", "long", "5");
  const quietAt = world.deps.exchange.serverNow();
  expect(await noticed(world, quietAt)).toEqual({ kind: "sound" });
  expect(await noticed(world, quietAt - 60_000)).toEqual({ kind: "restored" });
});

it.each([
  ["99 newer bills hide nothing", 99],
  ["100 newer bills fill the first page", 100],
  ["300 newer bills fill three", 300],
])("is restored by an older bill of margin: %s", async (_, bills) => {
  const world = await open();
  world.exchange.setMarginOutside("BTCUSDT", "long", "5");
  for (let made = 1; made <= bills; made++) world.exchange.autoAppend("BTCUSDT", "long", "0.01");
  expect(await noticed(world)).toEqual({ kind: "restored" });
  const [row] = await world.deps.projections.recent({ limit: 1 });
  expect(row).toMatchObject({ step: "restored", detail: { bills: [{ businessType: "append_margin", amount: "5" }] } });
});

it("is not known while a page cannot be read, and is found out once it can", async () => {
  const world = await open();
  world.exchange.setMarginOutside("BTCUSDT", "long", "5");
  for (let made = 1; made <= 100; made++) world.exchange.autoAppend("BTCUSDT", "long", "0.01");
  // A look makes a first call for each of the two product types.
  world.exchange.fail({ path: BILLS, how: { kind: "html" }, times: 4 });
  const first = await noticed(world);
  expect(world.steps()).toEqual(["proposed"]);
  const second = await again(first);
  expect(second.kind).toBe("unread");
  expect(await again(second)).toEqual({ kind: "restored" });
});

it("does not take an adjustment of its own process for somebody else's, however late it looks", async () => {
  const world = await open();
  world.exchange.fail({ path: BILLS, how: { kind: "reset" }, times: 2 });
  const first = await noticed(world);
  world.clock.advance(1000);
  expect((await sendForVerdict(world.deps, await world.confirmed())).kind).toBe("done");
  world.clock.advance(60_000);
  expect(await again(first)).toEqual({ kind: "sound" });
});

it.each([
  ["an amount", { amount: null }, "unread"],
  ["a business type", { businessType: "" }, "unread"],
  ["a time", { cTime: "soon" }, "unread"],
  ["another kind of business, and no amount", { businessType: "contract_settle_fee", amount: null }, "sound"],
] as const)("is not called sound where a bill lacks %s that would tell", async (_, odd, kind) => {
  const world = await open();
  world.exchange.setMarginOutside("BTCUSDT", "long", "5");
  const edit = ({ data, ...rest }: { data: unknown }) => {
    const { bills, ...page } = data as { bills: readonly object[] };
    return { ...rest, data: { ...page, bills: bills.map((bill) => ({ ...bill, ...odd })) } };
  };
  world.exchange.fail({ path: BILLS, how: { kind: "edit", edit }, times: 9 });
  expect(await noticed(world)).toMatchObject({ kind });
});
