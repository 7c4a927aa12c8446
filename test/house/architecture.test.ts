/** ARCHITECTURE.md is held to the tree: folders, files, tests and arrows that it names are there, and none is missing. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { NEXT_STEPS } from "../../src/margin/model/adjustment.ts";

const PAGE = readFileSync("ARCHITECTURE.md", "utf8");
const SOURCES = globSync("src/**/*.ts").filter((file) => !file.includes("generated"));

/** Lines such as "- `test/x.test.ts`: what it says". */
const GUARDS = [...PAGE.matchAll(/^ +- `(test\/[^`]+\.test\.ts)`: (.+)$/gm)].map(([, file = "", sentence = ""]) => ({
  file,
  sentence,
}));

function section(title: string): string {
  const from = PAGE.indexOf(`\n## ${title}\n`);
  expect(from, title).toBeGreaterThan(0);
  const to = PAGE.indexOf("\n## ", from + 1);
  return PAGE.slice(from, to === -1 ? undefined : to);
}

/** The arrows of the n-th diagram in a text, as `from > to`. */
function arrows(text: string, diagram = 0): string[] {
  const drawn = text.split("```mermaid")[diagram + 1]?.split("```")[0] ?? "";
  return [...drawn.matchAll(/^ *([\w[\]*-]+) --> (.+)$/gm)].flatMap(([, from = "", to = ""]) =>
    to.split(" & ").map((one) => `${from} > ${one}`),
  );
}

/** Imports of one file, as paths from the root. */
function imports(file: string): string[] {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(/ from "(\.[^"]+)"/g)].map(([, path = ""]) => normalize(join(dirname(file), path)));
}

function roomOf(file: string): string {
  const [, room = ""] = file.split("/");
  return room.endsWith(".ts") || room === "cli" ? "compose" : room;
}

describe("an invariant", () => {
  it("has a test that guards it, each", () => {
    const each = section("Invariants")
      .split(/^\d+\. /m)
      .slice(1);
    expect(each.length).toBeGreaterThanOrEqual(14);
    for (const one of each) expect(one).toMatch(/^ +- `test\//m);
  });

  it.each(GUARDS)("is guarded in $file: $sentence", ({ file, sentence }) => {
    expect(existsSync(file)).toBe(true);
    const text = readFileSync(file, "utf8");
    expect([`"${sentence}"`, `"${sentence.replaceAll('"', '\\"')}"`].some((title) => text.includes(title))).toBe(true);
  });
});

describe("the rooms", () => {
  it("and their folders are all on the page, and no other", () => {
    const named = new Set([...PAGE.matchAll(/^\| `(src\/[\w/-]+)\/` \|/gm)].map(([, folder]) => folder));
    const folders = globSync("src/*/**/").filter((folder) => !folder.includes("generated"));
    const rooms = globSync("src/*/");
    const all = new Set([...rooms, ...folders].map((folder) => folder.replace(/\/$/, "")));
    expect([...named].sort()).toEqual([...all].sort());
  });

  it("import each other as it is drawn, and not otherwise", () => {
    const taken = SOURCES.flatMap((file) => imports(file).map((path) => [roomOf(file), roomOf(path)] as const));
    const real = new Set(taken.filter(([from, to]) => from !== to).map(([from, to]) => `${from} > ${to}`));
    expect([...new Set(arrows(section("Rooms")))].sort()).toEqual([...real].sort());
  });
});

it("draws the steps of an adjustment as they are", () => {
  const real = Object.entries(NEXT_STEPS).flatMap(([from, next]) => next.map((to) => `${from} > ${to}`));
  expect(arrows(section("The way of a request"), 1).sort()).toEqual(["[*] > proposed", ...real].sort());
});

it("numbers its decisions without a gap, and dates each", () => {
  const decisions = [...section("Decisions").matchAll(/^\*\*(\d+)\. [\s\S]*?(?=^\*\*\d+\. |$(?![\s\S]))/gm)];
  expect(decisions.map(([, number]) => Number(number))).toEqual(decisions.map((_, index) => index + 1));
  for (const [text] of decisions) expect(text).toMatch(/\d{4}-\d{2}-\d{2}\)/);
});

it("has a line for each dependency, and none that is not there", () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync("package.json", "utf8"));
  const rows = [...section("Dependencies").matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, names = ""]) =>
    names.split(", "),
  );
  const named = rows.map((name) => name.replaceAll("`", ""));
  const known = (name: string) => named.includes(name) || (name.startsWith("@types/") && named.includes("@types/*"));
  const all = Object.keys({ ...dependencies, ...devDependencies });
  expect(all.filter((name) => !known(name))).toEqual([]);
  expect(named.filter((name) => name !== "@types/*" && !all.includes(name))).toEqual([]);
});

describe("the documents", () => {
  const pages = [...globSync("*.md"), ...globSync("docs/*.md")];

  it.each(pages)("%s links to what is there", (page) => {
    const links = [...readFileSync(page, "utf8").matchAll(/\]\(([^)#\s]+)(#[^)]*)?\)/g)].map(([, to = ""]) => to);
    const ours = links.filter((to) => !/^(https?|mailto):/.test(to));
    expect(ours.filter((to) => !existsSync(join(dirname(page), to)))).toEqual([]);
  });

  it.each(pages)("%s names files of ours that are there", (page) => {
    const named = [
      ...readFileSync(page, "utf8").matchAll(/`((?:src|test|bench|scripts|prisma|docs|examples)\/[\w./-]+)`/g),
    ];
    expect(named.map(([, path = ""]) => path).filter((path) => !existsSync(path))).toEqual([]);
  });
});
