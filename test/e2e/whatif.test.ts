/** Looking ahead without a card, and the last adjustment once more with one. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { asks, cardFor, confirms, deedOf, verdictOn } from "../support/talk.ts";
import { openWorld } from "../support/world.ts";

const { ann, bob, exchange, start, sent, rows, close } = await openWorld({ budgets: false });
beforeAll(() => start());
afterAll(close);

const TABLE = /^What if: /;

it("shows what amounts would do to a position, and proposes nothing", async () => {
  const { text, buttons } = await asks(ann, "/whatif btc long", TABLE);
  expect(text).toMatch(
    /^What if: BTC long, liquidation price \(estimates\)\nNow, margin 612\.5 USDT: 86648\.6, 13\.4 % away\n/,
  );
  const away = [...text.matchAll(/^([+-])[\d.]+ USDT: [\d.]+, ([\d.]+) % away$/gm)];
  const [adds, removes] = ["+", "-"].map((sign) => away.filter((row) => row[1] === sign).map((row) => Number(row[2])));
  expect(adds).toHaveLength(4);
  expect(adds?.every((share) => share > 13.4)).toBe(true);
  expect(adds).toEqual(adds?.toSorted((a, b) => a - b));
  expect(removes?.length).toBeGreaterThan(1);
  expect(removes?.every((share) => share < 13.4 && share >= 3)).toBe(true);
  expect(buttons).toEqual([]);
  expect(rows()).toEqual([]);
  expect(sent()).toEqual([]);
});

it("shows just what the card shows for the same amount", async () => {
  const { text } = await asks(ann, "/whatif btc long", TABLE);
  const [, amount = "", after = ""] = /^\+([\d.]+) USDT: ([\d.]+),/m.exec(text) ?? [];
  const card = await cardFor(ann, `/margin btc long ${amount}`);
  expect(card.text).toMatch(new RegExp(`Liquidation [\\d.]+ → ${after}`));
  ann.says("/cancel");
});

it("shows first what was asked about, an amount or a goal", async () => {
  const amount = await asks(ann, "/whatif btc long 50", TABLE);
  expect(amount.text.split("\n")[2]).toBe("+50 USDT: 85644, 14.4 % away");
  const goal = await asks(ann, "/whatif btc long liq 84000", TABLE);
  expect(goal.text.split("\n")[2]).toMatch(/^\+131\.8199 USDT: 84000(\.\d)?, 16 % away$/);
  const preset = await asks(ann, "/whatif btc long 61", TABLE);
  expect(preset.text.match(/^\+61 USDT: /gm)).toHaveLength(1);
  expect((await asks(ann, "/whatif btc long -700", /^Not done/)).text).toMatch(/not all of it can go/);
  expect((await asks(ann, "/whatif btc long liq 200000", /Nothing was changed/)).text).toMatch(/wrong side/);
});

it("offers shares of the free balance where it is small beside the margin, in the table and as buttons", async () => {
  exchange.setAvailable("USDT", "50");
  const { text } = await asks(ann, "/whatif btc long", TABLE);
  expect([...text.matchAll(/^\+([\d.]+) USDT: /gm)].map((row) => row[1])).toEqual(["12", "25", "45"]);
  const { buttons } = await asks(ann, "/margin btc long", /How much to add to BTC long/);
  const labels = buttons.flat().map((button) => button.text);
  expect(labels.filter((label) => label.startsWith("+"))).toEqual(["+12 USDT", "+25 USDT", "+45 USDT"]);
  ann.says("/cancel");
  exchange.setAvailable("USDT", "1500");
});

it("says that there is nothing to add or to remove only where that is so", async () => {
  const nothing = /nothing to add or to remove/;
  exchange.setAvailable("USDT", "0.0001");
  const { text } = await asks(ann, "/whatif eth long", TABLE);
  expect(text).toMatch(/^\+0\.0001 USDT: /m);
  expect(text).not.toMatch(nothing);
  exchange.setAvailable("USDT", "0");
  expect((await asks(ann, "/whatif eth long", TABLE)).text).toMatch(nothing);
  exchange.setAvailable("USDT", "1500");
});

it("takes the position nearest to liquidation where none is named", async () => {
  expect((await asks(ann, "/whatif", TABLE)).text).toMatch(/^What if: ETH long/);
  expect((await asks(ann, "/whatif sol", TABLE)).text).toMatch(/^What if: SOL long/);
});

it.each([
  ["/whatif xrp", /cross margin/],
  ["/whatif ada long", /no open ADA long position/],
  ["/whatif btc long short", /two sides/],
])("says why there is no table for %s", async (line, reason) => {
  expect((await asks(ann, line, /./)).text).toMatch(reason);
});

it("proposes the last adjustment that was done again, as a new card", async () => {
  expect((await asks(bob, "/repeat", /./)).text).toMatch(/nothing to repeat/);
  const first = await cardFor(ann, "/margin sol short 6.5");
  confirms(ann, first);
  await verdictOn(ann, first, /^Done/);
  await cardFor(ann, "/margin btc long 9");
  ann.says("/cancel");
  const before = sent().length;
  const again = await cardFor(ann, "/repeat");
  expect(deedOf(again).text).toBe("Add 6.5 USDT · SOL short");
  expect(sent()).toHaveLength(before);
  confirms(ann, again);
  await verdictOn(ann, again, /^Done/);
  expect(exchange.position("SOLUSDT", "short")?.marginSize).toBe("83");
});
