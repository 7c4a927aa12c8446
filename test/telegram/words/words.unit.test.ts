/** What is said of figures: none is larger than what is there, and none has digits that nobody reads. */
import { expect, it } from "vitest";
import { decimal } from "../../../src/margin/model/decimal.ts";
import type { Refusal } from "../../../src/margin/model/refusal.ts";
import { english } from "../../../src/telegram/words/english.ts";
import { coins } from "../../../src/telegram/words/figures.ts";
import { originWordings } from "../../../src/telegram/words/origin.ts";
import { held } from "../../margin/risk/figures.ts";

const said = (why: Refusal) => english.refusal(why).text.split("\n")[1];
const balance = (free: string, marginCoin = "USDT") => said({ code: "balance", free: decimal(free), marginCoin });
const changed = (what: "margin" | "size" | "mode" | "opening" | "entry", before: string, now: string) => {
  const how = { kind: "again", what, before, now } as const;
  return [said({ code: "changed", what, before, now }), originWordings({ how }, "USDT")[0]?.[0]];
};

it.each([
  ["10.00006", "USDT", "10 USDT"],
  ["9.99999", "USDC", "9.9999 USDC"],
  ["0.123456789", "BTC", "0.12345678 BTC"],
  ["-0.00006", "USDT", "0 USDT"],
  ["-1.00009", "USDT", "-1 USDT"],
])("cuts off %s %s to %s", (amount, coin, shown) => {
  expect(coins(decimal(amount), coin)).toBe(shown);
});

it("names no free balance that would be refused when it is typed, and where there is none what to do", () => {
  expect(balance("10.00006")).toBe("The free balance is 10 USDT. Type that or less.");
  expect(balance("0.0001")).toBe("The free balance is 0.0001 USDT. Type that or less.");
  const none = "The free balance is 0 USDT. Move funds into the futures account first.";
  expect([balance("0"), balance("0.00009")]).toEqual([none, none]);
  expect(balance("0.00009", "BTC")).toBe("The free balance is 0.00009 BTC. Type that or less.");
});

it.each([
  ["1193.10676500", "1000", "That is 1193.1 USD, and one adjustment may move at most 1000 USD. Type less."],
  ["2500", "1000", "That is 2500 USD, and one adjustment may move at most 1000 USD. Type less."],
  ["1000.0001", "1000", "That is 1000.01 USD, and one adjustment may move at most 1000 USD. Type less."],
])("says %s USD with two decimals, and never as the limit of %s itself", (value, limit, sentence) => {
  expect(said({ code: "over_limit", value: decimal(value), limit: decimal(limit) })).toBe(sentence);
});

it.each([
  ["margin", "9.6695050093373343", "10.66950500933734", "9.6695", "10.6695"],
  ["margin", "110", "117", "110", "117"],
  ["margin", "9.66950500", "9.66950510", "9.669505", "9.6695051"],
  ["size", "0.05", "0.06", "0.05", "0.06"],
  ["margin", "0.001234567891", "0.002234567891", "0.00123456", "0.00223456"],
  ["margin", "1.0000000000001", "1.0000000000002", "1.0000000000001", "1.0000000000002"],
  ["mode", "isolated", "crossed", "isolated", "crossed"],
  ["entry", "98500", "98501.5", "98500", "98501.5"],
] as const)("shows a change of the %s from %s to %s in digits that are read, and that differ", (...row) => {
  const [what, before, now, from, to] = row;
  const [sentence, line] = changed(what, before, now);
  expect(sentence).toContain(`changed from ${from} to ${to} `);
  expect(line).toMatch(new RegExp(`${from} → ${to}$`));
});

it("says of a position that was opened again what happened, and no times to the millisecond", () => {
  const [sentence, line] = changed("opening", "2026-11-22T08:00:00.000Z", "2026-11-22T08:00:01.000Z");
  expect(sentence).toContain("was closed, and another one opened in its place since you saw it");
  expect(line).toBe("Changed: closed and opened again");
});

it.each([
  ["long", "88000", "91000", "past its liquidation price"],
  ["long", "91000", "88000", "3.3 % away"],
  ["long", "90000", "90000", "past its liquidation price"],
  ["short", "91000", "88000", "past its liquidation price"],
  ["short", "88000", "91000", "3.4 % away"],
] as const)("says of a %s at %s with its liquidation at %s: %s", (holdSide, mark, liquidation, words) => {
  const at = { holdSide, markPrice: decimal<"price">(mark), liquidationPrice: decimal<"price">(liquidation) };
  const found = held(at);
  expect(english.positionTap(found, [found])).toBe(`BTC ${holdSide} · ${words}`);
  expect(english.positions({ positions: [found], unread: [] }, 0).text.split("\n")[1]).toContain(
    `BTC ${holdSide} · ${words} · margin`,
  );
});

it("says in a table that the mark is past a liquidation price, now and after what does not suffice", () => {
  const found = held({ markPrice: decimal("88000"), liquidationPrice: decimal("91000"), pricePlaces: 1 });
  const row = (amount: string, price: string) =>
    ({
      direction: "add" as const,
      amount: decimal<"margin coin">(amount),
      after: {
        margin: found.margin,
        liquidation: { kind: "price", price: decimal<"price">(price) },
        distance: undefined,
        leverage: undefined,
      },
    }) as const;
  const rows = [row("10", "90000"), row("250", "86000")];
  const { text } = english.whatIf({ kind: "table", position: found, readAt: 0, free: decimal("500"), rows });
  expect(text.split("\n").slice(1, 4)).toEqual([
    "Now, margin 612.5 USDT: 91000, the mark is past it",
    "+10 USDT: 90000, the mark is past it",
    "+250 USDT: 86000, 2.3 % away",
  ]);
});

it("never shows a distance that falls short of the floor as the floor", () => {
  const floor = decimal<"ratio">("0.03");
  expect(said({ code: "remove_floor", floor, distance: decimal<"ratio">("0.0296") })).toBe(
    "A removal must leave 3 % to liquidation and this would leave 2.9 %. Remove less.",
  );
});
