import { once } from "node:events";
import { mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { buildRows } from "../../bench/rows/build.ts";
import { createTrail } from "../../src/audit/trail.ts";
import { type Anchor, verifyFile } from "../../src/audit/verify.ts";
import { openStore } from "../../src/store/database.ts";
import { ACCOUNT, ANN } from "../support/people.ts";
import { temporaryFolder } from "../support/world.ts";
import { entry, hashByHand, ROWS, rehash, rowsOf, START, type Stored, tampered, termsOn, writeBook } from "./book.ts";

/** What a member of the chat holds: the end of a verdict message. */
function anchorOf(row: Stored | undefined): Anchor {
  return { seq: Number(row?.["seq"]), hash: String(row?.["hash"]).slice(0, 16) };
}

const kindOf = (file: string, anchors: readonly Anchor[] = []) => verifyFile(file, anchors).kind;

describe("an untouched table", () => {
  it("is sound, and its head is named", async () => {
    const file = await writeBook();
    const rows = rowsOf(file);
    expect(verifyFile(file, [])).toEqual({ kind: "ok", seq: ROWS, hash: rows.at(-1)?.["hash"] });
    expect(
      verifyFile(
        tampered(file, () => undefined),
        rows.map(anchorOf),
      ).kind,
    ).toBe("ok");
  });

  it("is sound when it is empty", async () => {
    expect(verifyFile(await writeBook([]), [])).toEqual({ kind: "ok", seq: 0, hash: "0".repeat(64) });
  });

  it("is verified while the bot writes to it, and is none the worse for it", async () => {
    const file = join(temporaryFolder(), "bot.db");
    const store = await openStore(file);
    const trail = createTrail(store, () => START);
    for (let count = 1; count <= 5; count++) {
      const writing = trail.events.append(entry(`a${count}`, "proposed", ANN, termsOn("BTCUSDT")));
      expect(kindOf(file)).toBe("ok");
      await writing;
      expect(verifyFile(file, [])).toMatchObject({ kind: "ok", seq: count });
    }
    await store.close();
  });
});

describe("an edit", () => {
  it("of any column of any row is seen", async () => {
    const file = await writeBook();
    const rows = rowsOf(file);
    const columns = Object.keys(rows[0] ?? {});
    expect(columns).toHaveLength(22);
    const unseen: string[] = [];
    for (const column of columns) {
      for (const row of rows) {
        const changed = typeof row[column] === "number" ? `"${column}" + 1000` : `"${column}" || 'x'`;
        const copy = tampered(file, (db) =>
          db.exec(`UPDATE audit_event SET "${column}" = ${changed} WHERE seq = ${row["seq"]}`),
        );
        if (kindOf(copy) !== "broken") unseen.push(`${column} of row ${row["seq"]}`);
      }
    }
    expect(unseen).toEqual([]);
  });

  it("of any column of where an adjustment stands is seen", async () => {
    const file = await writeBook();
    const columns = ["id", "step", "step_number", "seq", "first_seq", "asked_by", "account", "product_type"];
    for (const column of columns.concat("symbol", "margin_coin", "hold_side", "direction", "amount")) {
      const number = ["step_number", "seq", "first_seq"].includes(column);
      const set = `UPDATE adjustment_head SET "${column}" = "${column}" ${number ? "+ 1" : "|| 'x'"} WHERE id = 'a3'`;
      expect([column, kindOf(tampered(file, (db) => db.exec(set)))]).toEqual([column, "broken"]);
    }
  });

  it("names the row in which it is", async () => {
    const copy = tampered(await writeBook(), (db) => db.exec("UPDATE audit_event SET amount = '51' WHERE seq = 7"));
    expect(verifyFile(copy, [])).toEqual({ kind: "broken", seq: 7, reason: "its content does not give its hash" });
  });

  it("that moves the same letters to another column is seen", async () => {
    const move = "UPDATE audit_event SET symbol = symbol || margin_coin, margin_coin = '' WHERE seq = 1";
    expect(kindOf(tampered(await writeBook(), (db) => db.exec(move)))).toBe("broken");
  });
});

describe("where adjustments stand", () => {
  const changed = async (sql: string) =>
    verifyFile(
      tampered(await writeBook(), (db) => db.exec(sql)),
      [],
    );

  it("is the last row of each: an earlier one of its rows is seen", async () => {
    const back = "UPDATE adjustment_head SET step = 'sending', step_number = 3, seq = 3 WHERE id = 'a1'";
    const reason = "where adjustment a1 stands does not agree with its rows";
    expect(await changed(back)).toEqual({ kind: "broken", seq: ROWS, reason });
  });

  it("is told of each: one that is left out is seen, and one too many", async () => {
    const missing = "an adjustment is missing from the table of where each stands";
    expect(await changed("DELETE FROM adjustment_head WHERE id = 'a2'")).toMatchObject({ reason: missing });
    const copied = "INSERT INTO adjustment_head SELECT 'a9', step, step_number, seq, first_seq, asked_by, account,";
    const rest =
      " product_type, symbol, margin_coin, hold_side, direction, amount FROM adjustment_head WHERE id = 'a2'";
    expect(await changed(copied + rest)).toMatchObject({ reason: /adjustment a9 stands/ });
  });
});

describe("rows that were taken out, put in or put elsewhere", () => {
  it("are seen, whichever row is deleted", async () => {
    const file = await writeBook();
    for (let seq = 1; seq < ROWS; seq++) {
      expect([seq, kindOf(tampered(file, (db) => db.exec(`DELETE FROM audit_event WHERE seq = ${seq}`)))]).toEqual([
        seq,
        "broken",
      ]);
    }
  });

  it("are seen when the deletion is closed up", async () => {
    const closed = "DELETE FROM audit_event WHERE seq = 14; UPDATE audit_event SET seq = seq - 1 WHERE seq > 14";
    expect(kindOf(tampered(await writeBook(), (db) => db.exec(closed)))).toBe("broken");
  });

  it("are seen when a row is inserted", async () => {
    const copy = tampered(await writeBook(), (db) => {
      db.exec("UPDATE audit_event SET seq = -seq - 1 WHERE seq > 13; UPDATE audit_event SET seq = -seq WHERE seq < 0");
      const row = db.prepare("SELECT * FROM audit_event WHERE seq = 13").get() as Stored;
      const forged = { ...row, seq: 14, adjustment: "", step: "note", step_number: 0, prev_hash: "forged" };
      const names = Object.keys(forged);
      const insert = `INSERT INTO audit_event (${names.join()}) VALUES (${names.map((name) => `@${name}`).join()})`;
      db.prepare(insert).run({ ...forged, hash: hashByHand(forged) });
    });
    expect(kindOf(copy)).toBe("broken");
  });

  it("are seen when two rows are swapped", async () => {
    const swap = (a: number, b: number) =>
      `UPDATE audit_event SET seq = 999 WHERE seq = ${a}; UPDATE audit_event SET seq = ${a} WHERE seq = ${b};
       UPDATE audit_event SET seq = ${b} WHERE seq = 999`;
    const file = await writeBook();
    expect(kindOf(tampered(file, (db) => db.exec(swap(13, 14))))).toBe("broken");
    expect(kindOf(tampered(file, (db) => db.exec(swap(1, 5))))).toBe("broken");
  });

  it("are seen at the end with an anchor", async () => {
    const file = await writeBook();
    const anchor = anchorOf(rowsOf(file).at(-1));
    const cut = tampered(file, (db) => {
      db.exec(`DELETE FROM audit_event WHERE seq > 14; DELETE FROM adjustment_head WHERE id = 'a5'`);
    });
    expect(verifyFile(cut, [])).toMatchObject({ kind: "ok", seq: 14 });
    expect(verifyFile(cut, [anchor])).toEqual({ kind: "broken", seq: ROWS, reason: "the anchored row is missing" });
  });

  it("are seen at the end without an anchor, where they belonged to an adjustment that still stands", async () => {
    const cut = tampered(await writeBook(), (db) => db.exec(`DELETE FROM audit_event WHERE seq = ${ROWS}`));
    expect(kindOf(cut)).toBe("broken");
  });
});

describe("a chain that was computed anew", () => {
  const renamed = async (file: string) =>
    tampered(file, (db) => {
      db.exec("UPDATE audit_event SET actor = '502', actor_name = 'Bob' WHERE seq = 2");
      rehash(db);
    });

  it("is seen with an anchor at or after the lie, of 16 digits or of 64", async () => {
    const file = await writeBook();
    const rows = rowsOf(file);
    const copy = await renamed(file);
    expect(kindOf(copy, [anchorOf(rows[0])])).toBe("ok");
    for (const row of rows.slice(1)) {
      expect(kindOf(copy, [anchorOf(row)])).toBe("broken");
      expect(kindOf(copy, [anchorOf(rows[0]), { seq: Number(row["seq"]), hash: String(row["hash"]) }])).toBe("broken");
    }
  });

  it("is not seen without one: that is what anchors are for", async () => {
    expect(kindOf(await renamed(await writeBook()))).toBe("ok");
  });

  it.each([
    ["a step that could not follow", "UPDATE audit_event SET step = 'accepted' WHERE seq = 2", 2],
    ["a wrong step number", "UPDATE audit_event SET step_number = 9 WHERE seq = 4", 4],
    ["other terms than were proposed", "UPDATE audit_event SET amount = '51' WHERE seq = 3", 3],
    ["another body than its sum says", `UPDATE audit_event SET detail = replace(detail, '50', '51') WHERE seq = 3`, 3],
    ["no body where something was sent", "UPDATE audit_event SET detail = '{}' WHERE seq = 3", 3],
    ["a detail that is no JSON", "UPDATE audit_event SET detail = 'x' WHERE seq = 1", 1],
    [
      "a look as old as a text",
      `UPDATE audit_event SET detail = replace(detail, '"newestAtLook":0', '"newestAtLook":"x"') WHERE seq = 10`,
      10,
    ],
    [
      "a look as old as no whole number",
      `UPDATE audit_event SET detail = replace(detail, '"newestAtLook":0', '"newestAtLook":6.5') WHERE seq = 10`,
      10,
    ],
    [
      "a look as old as a list",
      `UPDATE audit_event SET detail = replace(detail, '"newestAtLook":0', '"newestAtLook":[6]') WHERE seq = 10`,
      10,
    ],
    [
      "a look as old as a row that comes later",
      `UPDATE audit_event SET detail = replace(detail, '"newestAtLook":0', '"newestAtLook":10') WHERE seq = 10`,
      10,
    ],
    [
      "a name that stands twice",
      `UPDATE audit_event SET detail = replace(detail, '{', '{"b":1,"b":2,') WHERE seq = 2`,
      2,
    ],
    ["a format that nobody knows", "UPDATE audit_event SET version = 99 WHERE seq = 5", 5],
    ["an older format behind a newer one", "UPDATE audit_event SET version = 1 WHERE seq = 10", 10],
    ["a step of an adjustment in a row of its own", "UPDATE audit_event SET step = 'confirmed' WHERE seq = 14", 14],
  ])("is seen without an anchor when it tells of %s", async (_, sql, seq) => {
    const copy = tampered(await writeBook(), (db) => {
      db.exec(sql);
      rehash(db);
    });
    expect(verifyFile(copy, [])).toMatchObject({ kind: "broken", seq });
  });

  it("is seen when it tells of money that moved between the look and the sending", async () => {
    const copy = tampered(await writeBook(), (db) => {
      db.exec("UPDATE audit_event SET symbol = 'BTCUSDT' WHERE adjustment = 'a3'");
      rehash(db);
    });
    expect(verifyFile(copy, [])).toMatchObject({ kind: "broken", seq: 10, reason: /money moved/ });
  });

  it("is seen when it tells of two open sends on one symbol", async () => {
    const copy = tampered(await writeBook(), (db) => {
      db.exec("UPDATE audit_event SET symbol = 'BTCUSDT' WHERE adjustment = 'a3'");
      db.exec("UPDATE audit_event SET step = 'unknown' WHERE seq = 4");
      rehash(db);
    });
    expect(verifyFile(copy, [])).toMatchObject({ kind: "broken", seq: 10, reason: /second send/ });
  });
});

describe("what was over long before", () => {
  it("is found again: a step behind the end of an adjustment is seen", async () => {
    const copy = tampered(await writeBook(), (db) => {
      db.exec(
        `UPDATE audit_event SET adjustment = 'a1', step = 'cancelled', step_number = 5, actor = 'bot' WHERE seq = 16`,
      );
      rehash(db);
    });
    expect(verifyFile(copy, [])).toEqual({ kind: "broken", seq: 16, reason: "cancelled cannot follow accepted" });
  });

  it("holds its bill: a second adjustment that it settles is seen", async () => {
    const settled = (id: string, symbol: string, bill: string) =>
      (["proposed", "confirmed", "sending", "unknown", "applied"] as const).map((step) =>
        entry(id, step, ANN, termsOn(symbol), step === "applied" ? { bill } : {}),
      );
    const file = await writeBook([...settled("a1", "BTCUSDT", "1"), ...settled("a2", "ETHUSDT", "2")]);
    expect(kindOf(file)).toBe("ok");
    const copy = tampered(file, (db) => {
      db.exec(`UPDATE audit_event SET detail = replace(detail, '"2"', '"1"') WHERE seq = 10`);
      rehash(db);
    });
    const reason = "its bill settled another adjustment before";
    expect(verifyFile(copy, [])).toEqual({ kind: "broken", seq: 10, reason });
  });

  it("is not kept in memory: a table many times as large as the heap is verified", async () => {
    const file = join(temporaryFolder(), "bot.db");
    await buildRows(file, 40_000, ACCOUNT);
    const worker = new Worker(new URL("../../src/audit/verify-worker.ts", import.meta.url), {
      workerData: file,
      resourceLimits: { maxOldGenerationSizeMb: 24, maxYoungGenerationSizeMb: 4 },
    });
    const [verdict] = await once(worker, "message");
    expect(verdict).toMatchObject({ kind: "ok" });
  });
});

describe("the database's own guards", () => {
  it.each([
    ["a missing trigger", "DROP TRIGGER audit_event_no_delete", /audit_event_no_delete is missing/],
    ["a missing index", "DROP INDEX adjustment_head_open", /adjustment_head_open is missing/],
    ["an added trigger", "CREATE TRIGGER t AFTER INSERT ON card BEGIN SELECT 1; END", /t does not belong here/],
    ["an added table", "CREATE TABLE extra (a)", /extra does not belong here/],
    ["an added transition", "INSERT INTO audit_transition VALUES ('refused', 'sending')", /does not belong here/],
    ["a missing transition", "DELETE FROM audit_transition WHERE to_step = 'unknown'", /is missing/],
    ["a missing table of migrations", 'DROP TABLE "_prisma_migrations"', /no migration/],
  ])("are checked: %s", async (_, sql, reason) => {
    const file = await writeBook();
    const db = new Database(file);
    db.exec(sql);
    db.close();
    const verdict = verifyFile(file, []);
    expect(verdict.kind).toBe("broken");
    expect(verdict).toHaveProperty("reason", expect.stringMatching(reason));
  });

  it("are checked letter by letter: a changed trigger", async () => {
    const file = await writeBook();
    const db = new Database(file);
    const name = "audit_event_no_update";
    const { sql } = db.prepare("SELECT sql FROM sqlite_master WHERE name = ?").get(name) as { sql: string };
    db.exec(`DROP TRIGGER ${name}; ${sql.replace("BEGIN", "WHEN OLD.seq > 1000000 BEGIN")}`);
    db.close();
    expect(verifyFile(file, [])).toMatchObject({ kind: "broken", reason: `${name} was changed` });
  });
});

describe("a file", () => {
  it("that is missing, or is a folder, cannot be checked", () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "folder.db"));
    expect(kindOf(join(folder, "none.db"))).toBe("unreadable");
    expect(kindOf(join(folder, "folder.db"))).toBe("unreadable");
  });

  it("that somebody has locked for himself cannot be checked", async () => {
    const file = await writeBook();
    const db = new Database(file);
    db.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE");
    expect(kindOf(file)).toBe("unreadable");
    db.close();
  });

  it.each([
    ["holds other bytes", "garbage ".repeat(1000)],
    ["is empty", ""],
    ["has only the first letters of a database", "SQLite format 3\0"],
  ])("that %s is broken", (_, content) => {
    const file = join(temporaryFolder(), "bot.db");
    writeFileSync(file, content);
    expect(kindOf(file)).toBe("broken");
  });

  it("of which the second half is missing is broken", async () => {
    const file = await writeBook();
    truncateSync(file, 4096 * 5);
    expect(kindOf(file)).toBe("broken");
  });
});
