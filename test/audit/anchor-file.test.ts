/** The anchor beside the database. What reaches the disk is seen by strace, as in the tests of durability. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { readAnchorFile, writeAnchorFile } from "../../src/audit/anchor-file.ts";
import { run } from "../support/process.ts";
import { temporaryFolder } from "../support/world.ts";

const ANCHOR = { seq: 7, hash: "ab".repeat(32) };

it("gives back what was written last, and nothing where there is nothing sound", () => {
  const path = join(temporaryFolder(), "bot.db.anchor");
  expect(readAnchorFile(path)).toBeUndefined();
  writeAnchorFile(path, { ...ANCHOR, seq: 6 });
  writeAnchorFile(path, ANCHOR);
  expect(readAnchorFile(path)).toEqual(ANCHOR);
});

it("is on disk before it takes the place of the old one, and so is its name after that", async () => {
  const folder = temporaryFolder();
  const [path, trace] = [join(folder, "bot.db.anchor"), join(folder, "trace")];
  const module = pathToFileURL("src/audit/anchor-file.ts").href;
  const script = `import { writeAnchorFile } from "${module}"; writeAnchorFile("${path}", ${JSON.stringify(ANCHOR)});`;
  const calls = "trace=fsync,fdatasync,rename,renameat,renameat2";
  const strace = ["-f", "-y", "-o", trace, "-e", calls, "-e", "signal=none"];
  const args = [...strace, process.execPath, "--input-type=module", "--eval", script];
  expect((await run({ command: "/usr/bin/strace", args }).ended).code).toBe(0);
  const lines = readFileSync(trace, "utf8").split("\n");
  const seen = lines.filter((line) => line.endsWith(" = 0")).map((line) => /(\w+)\((?:\d+<(.+)>)?/.exec(line));
  expect(seen.map((call) => [call?.[1], call?.[2]])).toEqual([
    ["fsync", `${path}.new`],
    ["rename", undefined],
    ["fsync", folder],
  ]);
});
