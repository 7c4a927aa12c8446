import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cli } from "../support/cli.ts";
import { temporaryFolder } from "../support/world.ts";
import { ROWS, rowsOf, tampered, writeBook } from "./book.ts";

const at = (file: string) => ({ DATABASE_URL: `file:${file}` });
const verify = (file: string, ...args: string[]) => cli(["audit", "verify", ...args], at(file));
const lastLine = (stdout: string) => stdout.trimEnd().split("\n").at(-1);

describe("audit verify", () => {
  it("says ok with the head, and exits 0, with anchors of 16 and of 64 digits in any case", async () => {
    const file = await writeBook();
    const rows = rowsOf(file);
    const [first, last] = [String(rows[0]?.["hash"]), String(rows.at(-1)?.["hash"])];
    const anchors = ["--anchor", `1:${first.slice(0, 16).toUpperCase()}`, "--anchor", `${ROWS}:${last}`];
    const [bare, anchored] = await Promise.all([verify(file), verify(file, ...anchors)]);
    expect(bare).toEqual({ code: 0, stdout: `ok ${ROWS} ${last}\n`, stderr: "" });
    expect(anchored).toEqual(bare);
  });

  it("says of an empty table ok, nought and 64 noughts", async () => {
    expect(await verify(await writeBook([]))).toMatchObject({ code: 0, stdout: `ok 0 ${"0".repeat(64)}\n` });
  });

  it("says broken with the row and the reason, and exits 1", async () => {
    const copy = tampered(await writeBook(), (db) => db.exec("UPDATE audit_event SET actor = '1' WHERE seq = 5"));
    const { code, stdout } = await verify(copy);
    expect(code).toBe(1);
    expect(lastLine(stdout)).toMatch(/^broken 5 \w/);
  });

  it("exits 1 for an anchor that no row has, and for a malformed file", async () => {
    const file = await writeBook();
    const garbage = join(temporaryFolder(), "garbage.db");
    writeFileSync(garbage, "garbage ".repeat(1000));
    const [anchored, malformed] = await Promise.all([
      verify(file, "--anchor", `999:${"a".repeat(16)}`),
      verify(garbage),
    ]);
    expect([anchored.code, lastLine(anchored.stdout)]).toEqual([1, "broken 999 the anchored row is missing"]);
    expect([malformed.code, lastLine(malformed.stdout)]).toEqual([1, expect.stringMatching(/^broken 0 /)]);
  });

  it("exits 2 with a message for a file that is missing", async () => {
    const { code, stdout, stderr } = await verify(join(temporaryFolder(), "none.db"));
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/missing/);
  });

  it("exits 64 for a malformed anchor", async () => {
    const file = await writeBook([]);
    const wrong = [`1:${"a".repeat(15)}`, `1:${"a".repeat(65)}`, `1:${"g".repeat(16)}`];
    const ran = await Promise.all(wrong.map((anchor) => verify(file, "--anchor", anchor)));
    expect(ran.map(({ code, stdout }) => [code, stdout])).toEqual(wrong.map(() => [64, ""]));
    expect(ran[0]?.stderr).toMatch(/SEQ:HASH/);
  });
});

describe("audit export", () => {
  it("prints lines of JSON, all of them or those of one person since a day", async () => {
    const file = await writeBook();
    const [all, some] = await Promise.all([
      cli(["audit", "export"], at(file)),
      cli(["audit", "export", "--user", "501", "--since", "2026-11-23", "--format", "jsonl"], at(file)),
    ]);
    expect([all.code, all.stderr]).toEqual([0, ""]);
    expect(all.stdout.trimEnd().split("\n")).toHaveLength(ROWS);
    expect(
      some.stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line).seq),
    ).toEqual([11, 12]);
  });

  it("exits 64 for wrong usage", async () => {
    const file = await writeBook([]);
    const wrong = [
      ["--format", "xml"],
      ["--since", "yesterday"],
      ["--user", "ann"],
    ];
    const ran = await Promise.all(wrong.map((args) => cli(["audit", "export", ...args], at(file))));
    expect(ran.map(({ code }) => code)).toEqual(wrong.map(() => 64));
  });

  it("of an empty file says in a plain sentence what is wrong", async () => {
    const file = join(temporaryFolder(), "empty.db");
    writeFileSync(file, "");
    const { code, stdout, stderr } = await cli(["audit", "export"], at(file));
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});
