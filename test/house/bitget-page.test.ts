/** docs/bitget.md is held to src/bitget: the endpoints that are called with their limits, and the codes with their classes. */
import { globSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { BITGET_CODES } from "../../src/bitget/http/error-codes.ts";

const PAGE = readFileSync("docs/bitget.md", "utf8");
const SOURCE = globSync("src/bitget/**/*.ts")
  .map((file) => readFileSync(file, "utf8"))
  .join("\n");

it("names every endpoint that is called, and no other", () => {
  const named = [...PAGE.matchAll(/^\| `(?:GET|POST) (\/api\/[\w/-]+)` \|/gm)].map(([, path]) => path);
  const called = new Set([...SOURCE.matchAll(/"(\/api\/v\d\/[\w/-]+)"/g)].map(([, path]) => path));
  expect(named.sort()).toEqual([...called].sort());
});

it("says of every read the limit that is kept", () => {
  const kept = [...SOURCE.matchAll(/path: "(\/api\/[\w/-]+)",\s+access: "\w+",\s+perSecond: (\d+)/g)];
  expect(kept.length).toBeGreaterThan(5);
  for (const [, path, limit] of kept)
    expect(PAGE).toMatch(new RegExp(`^\\| \`GET ${path}\` \\|.*\\| ${limit} in 1\\.1 s[^|]*\\|$`, "m"));
});

it("gives each code that it names the class that it has", () => {
  const lines = [...PAGE.matchAll(/^- \*\*([CAMX])\*\*,[\s\S]*?\(([\d, \n]+)/gm)];
  expect(lines.map(([, kind]) => kind)).toEqual(["C", "A", "M", "X"]);
  for (const [, kind, codes = ""] of lines)
    for (const code of codes.match(/\d{5}/g) ?? [])
      expect(BITGET_CODES.find((row) => row.code === code)).toMatchObject({ class: kind, why: expect.any(String) });
});
