/** A row's detail is typed where it is read: nobody behind that door says by a cast what stands in it. */
import { globSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const SRC = new URL("../../src/", import.meta.url).pathname;
/** A detail that is cast or asked by a name of text, and any cast that skips what the compiler knows. */
const CASTS = /as unknown as|\bdetail\??\.?\[|\bdetail\b[^;{}]*\bas\s+(?!const\b)\S/g;

function castsIn(text: string): string[] {
  return text
    .split("\n")
    .filter((line) => !/^\s*(?:\/\/|\/?\*)/.test(line))
    .flatMap((line) => line.match(CASTS) ?? []);
}

it.each(["margin", "telegram", "self-check"])("nothing in %s casts the detail of a row", (room) => {
  const files = globSync(`${SRC}${room}/**/*.ts`);
  expect(files.length).toBeGreaterThan(2);
  expect(files.flatMap((file) => castsIn(readFileSync(file, "utf8")).map((cast) => `${file}: ${cast}`))).toEqual([]);
});

it.each([
  'const before = event.detail["before"];',
  "const known = sending.detail as unknown as { before: string };",
  "const { refused } = detail as { refused?: string };",
])("and would be seen to: %s", (line) => {
  expect(castsIn(line)).not.toEqual([]);
});
