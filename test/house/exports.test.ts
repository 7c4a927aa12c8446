import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const SRC = join(import.meta.dirname, "../../src");
const DECLARED = /^export (?:declare )?(?:async )?(?:function\*?|const|let|class|interface|type|enum) (\w+)/gm;

/** The stand-ins share nothing with the bot: each of the three has names of its own. What Prisma generates is not ours. */
const PARTS: Readonly<Record<string, (file: string) => boolean>> = {
  "the bot": (file) => !/^(?:paper|playground|store\/generated)\//.test(file),
  "the paper exchange": (file) => file.startsWith("paper/"),
  "the playground": (file) => file.startsWith("playground/"),
};

const FILES = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));

/** Each exported name of these files, and where it is declared. */
function declarations(files: readonly string[]): Map<string, Set<string>> {
  const places = new Map<string, Set<string>>();
  for (const file of files) {
    for (const [, name = ""] of readFileSync(join(SRC, file), "utf8").matchAll(DECLARED))
      places.set(name, (places.get(name) ?? new Set()).add(file));
  }
  return places;
}

describe("an exported name", () => {
  it.each(Object.entries(PARTS))("stands for one thing in %s", (_part, isIn) => {
    const places = declarations(FILES.filter(isIn));
    expect(places.size).toBeGreaterThan(20);
    const twice = [...places].filter(([, files]) => files.size > 1).map(([name, files]) => [name, ...files].join(" "));
    expect(twice).toEqual([]);
  });
});
