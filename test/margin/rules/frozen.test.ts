/** Where the kill switch is kept until the table has its row, and when it takes none. */
import { existsSync, writeFileSync } from "node:fs";
import Database from "better-sqlite3";
import { expect, it, onTestFinished } from "vitest";
import { createKillSwitch } from "../../../src/margin/rules/frozen.ts";
import { createMarkFile } from "../../../src/store/mark-file.ts";
import { openDeps } from "../../support/open-deps.ts";
import { BOB, GROUP } from "../../support/people.ts";

async function open() {
  const { deps, file, store } = await openDeps();
  const path = `${file}.frozen`;
  const start = async () => {
    const killSwitch = createKillSwitch(deps, createMarkFile(path));
    await killSwitch.load();
    return killSwitch;
  };
  const db = new Database(file);
  return {
    deps,
    path,
    start,
    killSwitch: await start(),
    /** Keeps the one lane of writes busy until the function that comes back is called. */
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      const held = store.writes.run(() => promise);
      onTestFinished(() => held);
      onTestFinished(() => resolve());
      return resolve;
    },
    jam: () => db.exec(`CREATE TRIGGER full BEFORE INSERT ON audit_event BEGIN SELECT RAISE(ABORT, 'no room'); END`),
    free: () => db.exec("DROP TRIGGER full"),
  };
}

it("is the table alone, where that can be written", async () => {
  const { killSwitch, path, start } = await open();
  expect(await killSwitch.freeze(BOB, GROUP, "asked")).toMatchObject({ step: "frozen", code: "asked" });
  expect([existsSync(path), killSwitch.isKept()]).toEqual([false, true]);
  expect((await start()).frozen()).toBe("asked");
});

it("is a mark beside the database, which goes with the next row `unfrozen`", async () => {
  const { killSwitch, path, start, jam, free } = await open();
  jam();
  expect(await killSwitch.freeze(BOB, GROUP, "disk")).toBeUndefined();
  expect(killSwitch.isKept()).toBe(true);
  free();
  const next = await start();
  expect(next.frozen()).toBe("disk");
  expect(await next.unfreeze(BOB, GROUP)).toMatchObject({ step: "unfrozen", code: "disk" });
  expect([next.frozen(), existsSync(path)]).toEqual([undefined, false]);
  expect((await start()).frozen()).toBeUndefined();
});

it("is a mark even where that has lost its word, as a full disk may leave it", async () => {
  const { path, start } = await open();
  writeFileSync(path, "");
  expect((await start()).frozen()).toBe("write_failed");
});

it("is a mark from the moment it is pulled, as the table may hang, and the table alone once it has the row", async () => {
  const { killSwitch, path, start, hold } = await open();
  const release = hold();
  const written = killSwitch.freeze(BOB, GROUP, "asked");
  expect([killSwitch.frozen(), killSwitch.isKept(), existsSync(path)]).toEqual(["asked", true, true]);
  expect((await start()).frozen()).toBe("asked");
  release();
  expect(await written).toMatchObject({ step: "frozen", code: "asked" });
  expect([killSwitch.isKept(), existsSync(path)]).toEqual([true, false]);
});

it("is a mark as long as a later pull has no row, and writes none for a pull that somebody let go after", async () => {
  const { killSwitch, path } = await open();
  const first = killSwitch.freeze(BOB, GROUP, "asked");
  killSwitch.pull("asked");
  await first;
  expect(existsSync(path)).toBe(true);
  await killSwitch.unfreeze(BOB, GROUP);
  expect(await killSwitch.keep(BOB, GROUP, "asked")).toBeUndefined();
  expect([killSwitch.frozen(), existsSync(path)]).toEqual([undefined, false]);
});

it("is this process alone where no mark can be made either, and says so", async () => {
  const { deps, path, jam } = await open();
  const killSwitch = createKillSwitch(deps, createMarkFile(`${path}/nowhere`));
  jam();
  await killSwitch.freeze(BOB, GROUP, "asked");
  expect([killSwitch.frozen(), killSwitch.isKept()]).toEqual(["asked", false]);
});
