import { createHash } from "node:crypto";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createTrail } from "../../src/audit/trail.ts";
import { verifyFile } from "../../src/audit/verify.ts";
import type { Entry } from "../../src/margin/model/audit-event.ts";
import { openStore } from "../../src/store/database.ts";
import { ANN } from "../support/people.ts";
import { temporaryFolder } from "../support/world.ts";
import { entry, hashByHand, rowsOf, START, termsOn, writeBook } from "./book.ts";

const NFD = "Ame\u0301lie";
const LONE = "half \ud83d of a pair";

describe("the chain", () => {
  it("has in every row the hash of that row, and the hash of the row before it", async () => {
    const rows = rowsOf(await writeBook());
    let previous = "0".repeat(64);
    for (const [index, row] of rows.entries()) {
      expect(row["seq"]).toBe(index + 1);
      expect(row["prev_hash"]).toBe(previous);
      expect(row["hash"]).toBe(hashByHand(row));
      previous = String(row["hash"]);
    }
    expect(new Set(rows.map(({ hash }) => hash)).size).toBe(rows.length);
  });

  it("has a hash that anybody can compute from the bytes of a row", async () => {
    const note: Entry = {
      ...entry("", "note", ANN, termsOn(""), { b: 1, a: ["ä"], no: undefined }),
      code: "x",
    };
    const [row] = rowsOf(await writeBook([note]));
    const fields = [4, 1, START, "", "note", 0, "501", "Ann", "-100200300", "7", "11"];
    const terms = ["bitget:paper:main", "USDT-FUTURES", "", "USDT", "long", "add", "50"];
    const text = JSON.stringify([...fields, ...terms, "x", '{"a":["ä"],"b":1}', "0".repeat(64)]);
    expect(row?.["hash"]).toBe(createHash("sha256").update(`margin-bot audit 4\n${text}`).digest("hex"));
  });

  it("gives the same detail the same bytes, in whichever order its parts were named", async () => {
    const [one, two] = [
      { a: 1, b: { c: "2", d: [1, 2] } },
      { b: { d: [1, 2], c: "2" }, a: 1 },
    ];
    const files = [await writeBook([entry("a1", "proposed", ANN, termsOn("BTCUSDT"), one)])];
    files.push(await writeBook([entry("a1", "proposed", ANN, termsOn("BTCUSDT"), two)]));
    const [left, right] = files.map((file) => rowsOf(file)[0]?.["hash"]);
    expect(left).toBe(right);
  });

  it("gives back every event as it was appended", async () => {
    const store = await openStore(join(temporaryFolder(), "bot.db"));
    const trail = createTrail(store, () => START);
    const given = entry("a1", "proposed", ANN, termsOn("BTCUSDT"), {
      shown: "Add 50",
      cutFrom: "50.1",
      how: { kind: "typed" },
    });
    const appended = await trail.events.append(given);
    const event = { ...given, seq: 1, at: START, hash: expect.stringMatching(/^[0-9a-f]{64}$/) };
    expect(appended).toEqual({ ok: true, event });
    expect(await trail.events.of("a1")).toEqual([event]);
    await store.close();
  });
});

describe("whatever people write", () => {
  const proposed = entry("a1", "proposed", ANN, termsOn("BTCUSDT"));
  const hostile: readonly [string, Entry][] = [
    ["a name", { ...proposed, actor: { id: "501", name: `${LONE} ${NFD} \u0000 \u202e` } }],
    ["a code", { ...proposed, code: LONE }],
    [
      "a text in the detail",
      entry("a1", "proposed", ANN, termsOn("BTCUSDT"), { shown: LONE, list: [LONE, { deep: LONE }] }),
    ],
    ["a symbol", { ...proposed, terms: termsOn(LONE) }],
    ["a symbol with accents apart", { ...proposed, terms: termsOn(NFD) }],
  ];

  it.each(hostile)("leaves a chain that verifies: in %s", async (_, given) => {
    const file = await writeBook([given]);
    expect(verifyFile(file, [])).toMatchObject({ kind: "ok", seq: 1 });
  });

  it("is stored in composed form and without zero characters", async () => {
    const [row] = rowsOf(await writeBook([{ ...proposed, actor: { id: "501", name: `${NFD}\u0000` } }]));
    expect(row?.["actor_name"]).toBe("Am\u00e9lie");
  });
});
