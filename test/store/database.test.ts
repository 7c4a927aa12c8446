import { statSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { databaseFile, openStore } from "../../src/store/database.ts";
import { demandSqliteVersion } from "../../src/store/sqlite-version.ts";
import { temporaryFolder } from "../support/world.ts";
import { startHolder } from "./holder.ts";
import { emptyFile } from "./raw.ts";

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

/** What opening a file comes to after somebody did something to it. */
async function openAfter(sql: string): Promise<unknown> {
  return openStore(await changed(sql)).then((store) => store.close());
}

async function changed(sql: string): Promise<string> {
  const file = await emptyFile();
  const db = new Database(file);
  db.exec(sql);
  db.close();
  return file;
}

async function brokenAfter(sql: string): Promise<string | undefined> {
  const store = await openStore(await changed(sql));
  onTestFinished(store.close);
  return store.brokenGuard();
}

describe("an opened database", () => {
  it("writes ahead and syncs every commit, each time it is opened", async () => {
    const file = join(temporaryFolder(), "bot.db");
    for (const _ of ["first", "again"]) {
      const { prisma, close } = await openStore(file);
      expect(await prisma.$queryRawUnsafe("PRAGMA journal_mode")).toMatchObject([{ journal_mode: "wal" }]);
      const [level] = await prisma.$queryRawUnsafe<{ synchronous: bigint }[]>("PRAGMA synchronous");
      expect(Number(level?.synchronous)).toBe(2);
      await close();
    }
  });

  it("keeps syncing after transactions, too", async () => {
    const { prisma, close } = await openStore(join(temporaryFolder(), "bot.db"));
    onTestFinished(close);
    await prisma.$transaction([prisma.card.count(), prisma.card.count()]);
    const [level] = await prisma.$queryRawUnsafe<{ synchronous: bigint }[]>("PRAGMA synchronous");
    expect(Number(level?.synchronous)).toBe(2);
  });

  it("has a version of SQLite that loses no commit when the log is reset", async () => {
    const { prisma, close } = await openStore(join(temporaryFolder(), "bot.db"));
    onTestFinished(close);
    const [row] = await prisma.$queryRawUnsafe<{ version: string }[]>("SELECT sqlite_version() AS version");
    const [major, minor, patch] = (row?.version ?? "").split(".").map(Number);
    expect([major, minor, patch].map((part) => String(part).padStart(3, "0")).join(".") >= "003.051.003").toBe(true);
  });
});

const SEQ = "CREATE TABLE IF NOT EXISTS _litestream_seq (id INTEGER PRIMARY KEY, seq INTEGER);";
const LITESTREAM = "_litestream_seq does not belong here";

it("misses no guard beside the tables of Litestream", async () => {
  const lock = "CREATE TABLE IF NOT EXISTS _litestream_lock (id INTEGER);";
  const row = "INSERT INTO _litestream_seq VALUES (1, 1)";
  expect(await brokenAfter(`${SEQ} ${lock} ${row}`)).toBeUndefined();
});

it.each([
  ["a trigger is missing", "DROP TRIGGER audit_event_no_update", "audit_event_no_update is missing"],
  ["the trigger of open sends is missing", "DROP TRIGGER audit_event_one_open_send", "is missing"],
  ["an index is missing", "DROP INDEX audit_event_prev_hash_key", "audit_event_prev_hash_key is missing"],
  ["there is a step more", "INSERT INTO audit_transition VALUES ('cancelled', 'sending')", "does not belong here"],
  ["there is a step less", "DELETE FROM audit_transition WHERE to_step = 'expired'", "is missing"],
  ["there is a trigger more", "CREATE TRIGGER t BEFORE INSERT ON card BEGIN SELECT 1; END", "does not belong here"],
  ["there is a column more", "ALTER TABLE audit_event ADD COLUMN x TEXT", "audit_event was changed"],
  [
    "a trigger is called like one of SQLite's",
    "CREATE TRIGGER sqlitex BEFORE INSERT ON card BEGIN SELECT 1; END",
    "sqlitex",
  ],
  [
    "a trigger is called like one of Prisma's",
    "CREATE TRIGGER _prisma_x INSERT ON card BEGIN SELECT 1; END",
    "_prisma_x",
  ],
  [
    "a trigger is called _litestream_seq",
    "CREATE TRIGGER _litestream_seq INSERT ON card BEGIN SELECT 1; END",
    LITESTREAM,
  ],
  ["a view is called _litestream_seq", "CREATE VIEW _litestream_seq AS SELECT 1 AS id, 1 AS seq", LITESTREAM],
  ["an index is called _litestream_seq", "CREATE INDEX _litestream_seq ON card (chat)", LITESTREAM],
  [
    "Litestream's table holds more",
    "CREATE TABLE _litestream_seq (id INTEGER PRIMARY KEY, seq INTEGER, x)",
    LITESTREAM,
  ],
  ["Litestream's table is a virtual one", "CREATE VIRTUAL TABLE _litestream_seq USING fts5(id, seq)", LITESTREAM],
  [
    "Litestream's table has a trigger",
    `${SEQ}; CREATE TRIGGER t INSERT ON _litestream_seq BEGIN SELECT 1; END`,
    "t does not",
  ],
  ["Litestream's table has an index", `${SEQ}; CREATE INDEX i ON _litestream_seq (seq)`, "i does not belong here"],
  ["there is another table of its kind", "CREATE TABLE _litestream_other (id INTEGER)", "_litestream_other"],
])("names the guard that is broken when %s", async (_, sql, message) => {
  expect(await brokenAfter(sql)).toContain(message);
});

describe("a database is not opened", () => {
  it("when it was made by a newer version, which it names", async () => {
    const newer = `INSERT INTO "_prisma_migrations" (id, checksum, migration_name) VALUES ('x', 'x', '9999_future')`;
    await expect(openAfter(newer)).rejects.toThrow("newer version (9999_future)");
  });

  it("when it is no database, or half of one", async () => {
    const garbage = join(temporaryFolder(), "garbage.db");
    writeFileSync(garbage, "garbage ".repeat(1000));
    await expect(openStore(garbage)).rejects.toThrow();
    const half = await emptyFile();
    truncateSync(half, 4096 * 5);
    await expect(openStore(half)).rejects.toThrow();
  });

  it.each([
    ["3.51.3", undefined],
    ["3.52.0", undefined],
    ["4.0.0", undefined],
    ["3.51.2", "SQLite 3.51.2 is too old"],
    ["3.9.9", "SQLite 3.9.9 is too old"],
    ["2.99.99", "SQLite 2.99.99 is too old"],
  ])("when its SQLite may lose commits: %s", (version, message) => {
    const db = new Database(":memory:");
    onTestFinished(() => void db.close());
    db.function("sqlite_version", () => version);
    if (message === undefined) expect(() => demandSqliteVersion(db)).not.toThrow();
    else expect(() => demandSqliteVersion(db)).toThrow(message);
  });

  it("unless nothing was done to it", async () => {
    await expect(openAfter("SELECT 1")).resolves.toBeUndefined();
  });
});

it("keeps its folder, its file and everything beside it from other users", async () => {
  const file = join(temporaryFolder(), "made", "by the bot", "bot.db");
  await startHolder(file);
  expect([dirname(file), dirname(dirname(file))].map(modeOf)).toEqual(["700", "700"]);
  for (const beside of ["", "-wal", "-shm", ".lock"]) expect([beside, modeOf(file + beside)]).toEqual([beside, "600"]);
});

it("takes the path of a file URL from the working directory, and nothing else", () => {
  expect(databaseFile("file:./data/bot.db")).toBe(join(process.cwd(), "data/bot.db"));
  expect(databaseFile("file:/var/bot.db")).toBe("/var/bot.db");
  for (const url of ["", "file:", "file://host/bot.db", "file:bot.db?mode=ro", "postgres://x", "./bot.db"]) {
    expect(databaseFile(url)).toBeUndefined();
  }
});
