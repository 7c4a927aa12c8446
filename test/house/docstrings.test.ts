/** Every export of src that another file imports has a docstring: what it gives, shapes, units, outcomes. */
import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, it } from "vitest";

const SOURCES = globSync("src/**/*.ts").filter((file) => !file.includes("generated"));
const IMPORTERS = [...SOURCES, ...globSync("{test,bench,scripts,examples}/**/*.ts")];

/** Names that some file imports from another, as `path#name`. */
function imported(): Set<string> {
  const lists = IMPORTERS.flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/(?:import|export) (?:type )?\{([^}]*)\} from "(\.[^"]+)"/g)].map(
      ([, names = "", path = ""]) => ({ names, from: normalize(join(dirname(file), path)) }),
    ),
  );
  return new Set(
    lists.flatMap(({ names, from }) =>
      names.split(",").map(
        (name) =>
          `${from}#${name
            .trim()
            .replace(/^type /, "")
            .replace(/ as .*$/, "")}`,
      ),
    ),
  );
}

/** The exports of a file, and whether a docstring of their own stands before each: the file's first one is the file's. */
function exportsOf(file: string): { name: string; isDescribed: boolean }[] {
  const text = readFileSync(file, "utf8");
  const declared = text.matchAll(/^export (?:async )?(?:function\*?|const|interface|type|class) (\w+)/gm);
  return [...declared].map(({ 1: name = "", index }) => {
    const before = text.slice(0, index);
    return { name, isDescribed: before.endsWith("*/\n") && before.lastIndexOf("/**") > 0 };
  });
}

it("says of every export that is used elsewhere what it is", () => {
  const used = imported();
  const all = SOURCES.flatMap((file) => exportsOf(file).map((one) => ({ ...one, key: `${file}#${one.name}` })));
  const relevant = all.filter(({ key }) => used.has(key));
  expect(relevant.length).toBeGreaterThan(500);
  expect(relevant.filter(({ isDescribed }) => !isDescribed).map(({ key }) => key)).toEqual([]);
});
