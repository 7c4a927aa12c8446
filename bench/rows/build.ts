/** A database with as many rows as one likes: a valid chain, written row by row with every guard in force. */
import { closeSync, fsyncSync, openSync } from "node:fs";
import Database from "better-sqlite3";
import { GENESIS, nextRow } from "../../src/audit/row.ts";
import { openStore } from "../../src/store/database.ts";
import { INSERT_EVENT, type Row } from "../../src/store/event-columns.ts";
import { entriesOf } from "./entries.ts";

const START_MS = Date.UTC(2020, 0, 1);
/** How far apart the rows are: the last of a million is three years younger than the first. */
const PACE_MS = 100_000;
/** Rows of one transaction. */
const BATCH = 20_000;

interface Writer {
  readonly db: Database.Database;
  insert(row: Row): void;
}

function openWriter(file: string): Writer {
  const db = new Database(file);
  // What makes it fast: these rows can be made again.
  db.pragma("synchronous = OFF");
  db.pragma("cache_size = -262144");
  const insert = db.prepare(INSERT_EVENT);
  return { db, insert: (row) => void insert.run(row) };
}

/** Adds whole adjustments until there are `rows` rows, or up to four more. Gives how many adjustments that were. */
function fill({ db, insert }: Writer, rows: number, account: string): number {
  let last = { seq: 0, hash: GENESIS };
  let index = 0;
  const batch = db.transaction((until: number) => {
    while (last.seq < until) {
      for (const [step, entry] of entriesOf(account, index, last.seq).entries()) {
        const row = nextRow(entry, step + 1, START_MS + last.seq * PACE_MS, last);
        insert(row);
        last = row;
      }
      index += 1;
    }
  });
  for (let until = BATCH; last.seq < rows; until += BATCH) batch(Math.min(until, rows));
  return index;
}

/** Onto the disk with what the machine still holds of it: the first checkpoint of the bot would wait for all of that. */
function settle(file: string): void {
  const opened = openSync(file, "r+");
  fsyncSync(opened);
  closeSync(opened);
}

/** Makes the database `file` with at least `rows` rows on this account, all told, and none under way; gives its adjustments. */
export async function buildRows(file: string, rows: number, account: string): Promise<number> {
  await (await openStore(file)).close();
  const writer = openWriter(file);
  try {
    const adjustments = fill(writer, rows, account);
    writer.db.exec(`INSERT INTO card SELECT id, '501', '', cast(seq AS TEXT) FROM adjustment_head`);
    writer.db.exec("DELETE FROM untold");
    writer.db.pragma("wal_checkpoint(TRUNCATE)");
    return adjustments;
  } finally {
    writer.db.close();
    settle(file);
  }
}
