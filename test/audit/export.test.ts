import { describe, expect, it } from "vitest";
import { exportLines, type Format } from "../../src/audit/export.ts";
import { type Filter, openReader } from "../../src/store/reader.ts";
import { CAROL, DAY_MS, entry, rowsOf, START, termsOn, writeBook } from "./book.ts";

const FIELDS = [
  "seq",
  "at",
  "adjustment",
  "step",
  "actor",
  "actorName",
  "chat",
  "account",
  "symbol",
  "holdSide",
].concat(["direction", "amount", "marginCoin", "code", "detail", "hash"]);

function lines(file: string, filter: Filter = {}, format: Format = "jsonl"): string[] {
  const opened = openReader(file);
  if (!opened.ok) throw new Error(opened.reason);
  const found = [...exportLines(opened.reader, filter, format)];
  opened.reader.close();
  return found;
}

const seqs = (file: string, filter: Filter) => lines(file, filter).map((line) => JSON.parse(line).seq);

describe("as JSON", () => {
  it("every event is a line with exactly the fields of the contract, oldest first", async () => {
    const file = await writeBook();
    const events = lines(file).map((line) => JSON.parse(line));
    expect(events.map(({ seq }) => seq)).toEqual(rowsOf(file).map(({ seq }) => seq));
    for (const event of events) expect(Object.keys(event)).toEqual(FIELDS);
    expect(events[2]).toEqual({
      seq: 3,
      at: "2026-11-22T08:00:02.007Z",
      adjustment: "a1",
      step: "sending",
      actor: "bot",
      actorName: null,
      chat: "-100200300",
      account: "bitget:paper:main",
      symbol: "BTCUSDT",
      holdSide: "long",
      direction: "add",
      amount: "50",
      marginCoin: "USDT",
      code: null,
      detail: { body: '{"amount":"50"}', bodySha256: expect.stringMatching(/^[0-9a-f]{64}$/), newestAtLook: 0 },
      hash: rowsOf(file)[2]?.["hash"],
    });
  });

  it("what is absent is null, and the detail is always an object", async () => {
    const events = lines(await writeBook()).map((line) => JSON.parse(line));
    expect(events[13]).toMatchObject({ adjustment: null, account: null, symbol: null, amount: null, step: "frozen" });
    for (const { detail, actor, chat } of events) {
      expect(typeof detail).toBe("object");
      expect(detail).not.toBeNull();
      expect([typeof actor, typeof chat]).toEqual(["string", "string"]);
    }
  });

  it("the same rows give the same bytes", async () => {
    const [one, two] = [await writeBook(), await writeBook()];
    expect(lines(one)).toEqual(lines(two));
    expect(lines(one, {}, "csv")).toEqual(lines(one, {}, "csv"));
  });
});

describe("of one person", () => {
  it("are all rows of what they asked for, confirmed or approved, and their own other rows", async () => {
    const file = await writeBook();
    expect(seqs(file, { user: "501" })).toEqual([1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12]);
    expect(seqs(file, { user: "502" })).toEqual([5, 6, 12, 14, 15, 16]);
    expect(seqs(file, { user: CAROL.id })).toEqual([7, 8, 9, 10, 11, 12]);
    expect(seqs(file, { user: "666" })).toEqual([13]);
  });

  it("are none for somebody who never did anything, and for a part of an id", async () => {
    const file = await writeBook();
    expect(seqs(file, { user: "50" })).toEqual([]);
    expect(seqs(file, { user: "5011" })).toEqual([]);
  });
});

it("since a moment leaves older rows out, that moment's not", async () => {
  const file = await writeBook();
  const eleventh = START + DAY_MS + 10_000;
  expect(seqs(file, { since: eleventh })[0]).toBe(11);
  expect(seqs(file, { since: eleventh + 1 })[0]).toBe(12);
  expect(seqs(file, { since: eleventh + 1, user: "501" })).toEqual([12]);
  expect(seqs(file, { since: eleventh + DAY_MS })).toEqual([]);
});

describe("as CSV", () => {
  it("begins with the names of the fields, and is as long as the table", async () => {
    const csv = lines(await writeBook(), {}, "csv");
    expect(csv[0]).toBe(FIELDS.join(","));
    expect(csv.join("\n").match(/^\d+,2026-/gm)).toHaveLength(16);
  });

  it("has no cell that a spreadsheet would run as a formula", async () => {
    const names = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x","y")', "\t=1", "\r=1"];
    const entries = names.map((name, index) => entry(`a${index}`, "proposed", { id: "501", name }, termsOn("BTCUSDT")));
    const csv = lines(await writeBook(entries), {}, "csv")
      .slice(1)
      .join("\n");
    const cells = csv.match(/"(?:[^"]|"")*"|[^,\n]+/g) ?? [];
    expect(cells.filter((cell) => /^"?[=+\-@\t\r]/.test(cell))).toEqual([]);
    expect(csv).toContain(`"'=HYPERLINK(""http://x"",""y"")"`);
    expect(csv).toContain("'-100200300");
  });

  it("keeps commas, quotes and line feeds inside their cell", async () => {
    const name = 'a,b "c"\nd';
    const csv = lines(await writeBook([entry("a1", "proposed", { id: "501", name }, termsOn("BTCUSDT"))]), {}, "csv");
    expect(csv[1]).toContain('501,"a,b ""c""\nd",');
  });
});
