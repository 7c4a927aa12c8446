/** The database file: made, migrated, checked, and opened for writing by this process alone. */
import { mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { PrismaBetterSqlite3 } from "@prisma/adapter-better-sqlite3";
import Database from "better-sqlite3";
import { PrismaClient } from "./generated/client.ts";
import { brokenGuard } from "./guards.ts";
import { type Journal, openJournal } from "./journal.ts";
import { createLane, type Lane } from "./lane.ts";
import { migrate } from "./migrations.ts";
import { watchPlace } from "./place.ts";
import { demandSqliteVersion } from "./sqlite-version.ts";

/** How long a statement of the start waits for another connection, in ms. It blocks the process, which does nothing else yet. */
const START_BUSY_MS = 5000;
/** The same while the bot works: whoever writes waits in the lane of writes, which blocks nobody. */
const BUSY_MS = 20;
/** `PRAGMA synchronous` as a number: each commit is on disk before it is acknowledged. */
const SYNCHRONOUS_FULL = 2n;

/** What a guard that cannot be looked at is called: nobody knows that it is there. */
const UNREAD_GUARDS = "the guards cannot be read";

/** The open database. Writes go through `writes`, one after another. */
export interface Store {
  readonly prisma: PrismaClient;
  readonly journal: Journal;
  readonly writes: Lane;
  /** The guard that is broken at the moment, in words. A store without all its guards must not let money move. */
  brokenGuard(): string | undefined;
  /** True when the file at its path is another one or none, or lacks what was written: nothing may rest on new rows. */
  isLost(): boolean;
  /** True while another program has kept this one from writing for a while, and still does. */
  isHeld(): boolean;
  close(): Promise<void>;
}

/** The path in a `file:` URL, from the working directory; undefined for any other URL. */
export function databaseFile(url: string): string | undefined {
  const path = url.startsWith("file:") ? url.slice("file:".length) : "";
  return path === "" || path.startsWith("//") || path.includes("?") ? undefined : resolve(path);
}

/** Makes the folder of the database, for its owner alone. Everything made later in it is private too. */
export function prepareFolder(file: string): void {
  process.umask(0o077);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
}

function prepareFile(file: string): void {
  const db = new Database(file, { timeout: START_BUSY_MS });
  try {
    demandSqliteVersion(db);
    db.pragma("journal_mode = WAL");
    migrate(db);
    const check = db.pragma("quick_check(1)", { simple: true });
    if (check !== "ok") throw new Error("the database file is damaged");
  } finally {
    db.close();
  }
}

// A write-ahead log alone means NORMAL with this library: a power cut could lose the row that says "I am about to send".
async function demandDurability(prisma: PrismaClient): Promise<void> {
  await prisma.$queryRawUnsafe("PRAGMA synchronous = FULL");
  await prisma.$queryRawUnsafe("PRAGMA trusted_schema = OFF");
  const [mode] = await prisma.$queryRawUnsafe<{ journal_mode: string }[]>("PRAGMA journal_mode");
  const [level] = await prisma.$queryRawUnsafe<{ synchronous: bigint }[]>("PRAGMA synchronous");
  if (mode?.journal_mode !== "wal") throw new Error("the database is not in WAL mode");
  if (BigInt(level?.synchronous ?? -1) !== SYNCHRONOUS_FULL) throw new Error("the database does not sync each commit");
}

function guardOf(file: string): string | undefined {
  try {
    const db = new Database(file, { readonly: true, fileMustExist: true, timeout: BUSY_MS });
    try {
      return brokenGuard(db);
    } finally {
      db.close();
    }
  } catch {
    return UNREAD_GUARDS;
  }
}

/** Whether another program writes at this moment: its place is asked for, and given back at once. */
function isBeingWritten(file: string): boolean {
  const db = new Database(file, { fileMustExist: true, timeout: 0 });
  try {
    db.exec("BEGIN IMMEDIATE; ROLLBACK");
    return false;
  } catch {
    return true;
  } finally {
    db.close();
  }
}

/**
 * Opens the database at `file`: migrated, sound, WAL, each commit synced to disk. Throws with a
 * plain sentence when any of it cannot be had: the bot then does not start.
 */
export async function openStore(file: string): Promise<Store> {
  prepareFile(file);
  const prisma = new PrismaClient({ adapter: new PrismaBetterSqlite3({ url: file, timeout: BUSY_MS }) });
  await demandDurability(prisma);
  const journal = openJournal(file, BUSY_MS);
  const isInPlace = watchPlace(file);
  const writes = createLane();
  return {
    prisma,
    journal,
    writes,
    brokenGuard: () => guardOf(file),
    isLost: () => !isInPlace() || !journal.holdsWritten(),
    isHeld: () => writes.isHeld() && isBeingWritten(file),
    async close() {
      journal.close();
      await prisma.$disconnect();
    },
  };
}
