/** A copy of a database that is written to all the while. */
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { buildRows } from "../../bench/rows/build.ts";
import { createTrail } from "../../src/audit/trail.ts";
import { verifyFile } from "../../src/audit/verify.ts";
import { NO_TERMS } from "../../src/margin/model/audit-event.ts";
import { copyDatabase } from "../../src/store/backup.ts";
import { openStore } from "../../src/store/database.ts";
import { entry } from "../audit/book.ts";
import { ACCOUNT, ANN } from "../support/people.ts";
import { temporaryFolder } from "../support/world.ts";

/** More turns of the loop than a copy takes that never begins again. */
const TURNS_MAX = 500;

it("holds the rows of the moment when it began, and ends, however often the bot writes meanwhile", async () => {
  const folder = temporaryFolder();
  const [file, copy] = [join(folder, "bot.db"), join(folder, "copy.db")];
  await buildRows(file, 5000, ACCOUNT);
  const store = await openStore(file);
  onTestFinished(store.close);
  const { seq } = store.journal.last() ?? { seq: 0 };
  const trail = createTrail(store, Date.now);
  let isDone = false;
  const copying = copyDatabase(file, copy).then(() => {
    isDone = true;
  });
  let turns = 0;
  for (; !isDone && turns < TURNS_MAX; turns++) {
    await trail.events.append(entry("", "note", ANN, NO_TERMS));
    await setImmediate();
  }
  await copying;
  expect(turns).toBeGreaterThan(3);
  expect(turns).toBeLessThan(TURNS_MAX);
  expect(verifyFile(copy, [])).toMatchObject({ kind: "ok", seq });
});
