import type { Context } from "grammy";
import { expect, it } from "vitest";
import { actorOf } from "../../../src/telegram/messaging/update-origin.ts";

const named = (first_name: string, last_name?: string) =>
  actorOf({ from: { id: 501, is_bot: false, first_name, ...(last_name && { last_name }) } } as Context).name;

it.each([
  ["nothing", ""],
  ["spaces", " \u00a0\u3000\u2003"],
  ["a Hangul filler", "\u3164"],
  ["a halfwidth filler", "\uffa0"],
  ["jamo fillers", "\u115f\u1160"],
  ["a blank braille pattern", "\u2800\u2800"],
  ["a grapheme joiner", "\u034f"],
  ["a variation selector", "\ufe0f"],
  ["tags", "\u{e0041}\u{e0042}"],
  ["no width and a turn of direction", "\u200b\u202e\u2066"],
  ["a mark without a letter", "\u0301"],
])("names somebody by the id whose name is %s", (_, name) => {
  expect(named(name)).toBe("501");
  expect(named(name, name)).toBe("501");
});

it.each([
  ["Ann", "Ann"],
  ["\u3164Ann\u2800", "Ann"],
  ["A\u202enn", "Ann"],
  ["René", "René"],
  ["龙虾", "龙虾"],
  ["🦞", "🦞"],
  ["🦞\ufe0f", "🦞"],
])("leaves what can be seen: %s", (name, shown) => {
  expect(named(name)).toBe(shown);
});
