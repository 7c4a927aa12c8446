/** How often the exchange is read for what people do: each look takes time, and a second one may see another position. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { asks, cardAfter, cardFor, confirms, verdictOn } from "../support/talk.ts";
import { openWorld, SET_MARGIN, SINGLE_POSITION, type World } from "../support/world.ts";

const LIST = "/api/v2/mix/position/all-position";
const BALANCE = "/api/v2/mix/account/account";
const ALL = /^Remove all that can go/;

let world: World;
beforeAll(async () => {
  world = await openWorld({ budgets: false });
  await world.start();
  // Contracts and tiers are kept for an hour: this card is the one that reads them.
  await cardFor(world.ann, "/margin btc long 5");
});
afterAll(() => world.close());

/** How often each path is called meanwhile. */
async function callsOf(act: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = world.exchange.calls.length;
  await act();
  const counts: Record<string, number> = {};
  for (const { path } of world.exchange.calls.slice(before)) counts[path] = (counts[path] ?? 0) + 1;
  return counts;
}

it("the list of positions is one read", async () => {
  expect(await callsOf(() => asks(world.ann, "/positions", /BTC long/))).toEqual({ [LIST]: 1 });
});

it("a line with a plain amount looks the name up, and at the position once", async () => {
  const calls = await callsOf(() => cardFor(world.ann, "/margin btc long 50"));
  expect(calls).toEqual({ [LIST]: 1, [SINGLE_POSITION]: 1, [BALANCE]: 1 });
});

it("a line with a share looks the name up, and at the position once", async () => {
  const calls = await callsOf(() => cardFor(world.ann, "/margin btc long 25%"));
  expect(calls).toEqual({ [LIST]: 1, [SINGLE_POSITION]: 1, [BALANCE]: 1 });
});

it("a guided share looks at the position once for the question, and once for its card", async () => {
  const { ann } = world;
  const calls = await callsOf(async () => {
    const question = await asks(ann, "/margin", /Which position/);
    ann.presses(/^BTC long/, { message: question });
    await ann.chat.waitFor(/How much/, { after: question.id });
    await cardFor(ann, "25%");
  });
  expect(calls).toEqual({ [LIST]: 1, [SINGLE_POSITION]: 2, [BALANCE]: 2 });
});

it("a line that removes all looks at the position once before it asks once more, and once for its card", async () => {
  const { ann } = world;
  const first = await callsOf(() => asks(ann, "/margin btc long -max", ALL));
  expect(first).toEqual({ [LIST]: 1, [SINGLE_POSITION]: 1, [BALANCE]: 1 });
  const question = await ann.chat.waitFor(ALL);
  const second = await callsOf(() => {
    ann.presses(/^Remove [\d.]+ USDT$/, { message: question });
    return cardAfter(ann, question);
  });
  expect(second).toEqual({ [SINGLE_POSITION]: 1, [BALANCE]: 1 });
});

it("a press looks at position and balance once before it sends, and at what came of it afterwards", async () => {
  const { ann, exchange } = world;
  const card = await cardFor(ann, "/margin btc long 7");
  const before = exchange.calls.length;
  confirms(ann, card);
  await verdictOn(ann, card, /^Done/);
  const paths = exchange.calls.slice(before).map(({ path }) => path);
  const sent = paths.indexOf(SET_MARGIN);
  expect(paths.slice(0, sent).toSorted()).toEqual([BALANCE, SINGLE_POSITION]);
  // The position for its new margin; the others for the line that says who else lives on the free balance.
  expect(paths.slice(sent + 1).toSorted()).toEqual([BALANCE, LIST, SINGLE_POSITION].toSorted());
});

it("a table of what an amount would do looks the name up, and at the position once", async () => {
  const calls = await callsOf(() => asks(world.ann, "/whatif btc long 25%", /BTC long/));
  expect(calls).toEqual({ [LIST]: 1, [SINGLE_POSITION]: 1, [BALANCE]: 1 });
});
