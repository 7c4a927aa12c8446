/** Cards whose time is over, looked for every second: on a clock and a timer of the test's own. */
import Database from "better-sqlite3";
import { expect, it, onTestFinished, vi } from "vitest";
import { startCardExpiry } from "../../../src/telegram/cards/card-expiry.ts";
import { openChat } from "../../support/chat.ts";

const ROUND_MS = 1000;
const TTL_MS = 60_000;

async function open() {
  const world = await openChat();
  await world.card();
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  onTestFinished(() => void vi.useRealTimers());
  const expiry = startCardExpiry(world.chat);
  onTestFinished(expiry.stop);
  return {
    ...world,
    expiry,
    /** A round begins now. */
    async round() {
      await vi.advanceTimersByTimeAsync(ROUND_MS);
    },
    /** What the table holds once a round that began has read and written what it would: it stands in line before this. */
    async written() {
      await world.deps.projections.currentlyAt(["proposed"]);
      await world.store.writes.run(async () => undefined);
      return world.steps();
    },
  };
}

it("writes `expired` in the first round after a card's time is over, and not in the one before", async () => {
  const { clock, round, written, steps } = await open();
  clock.advance(TTL_MS - 1);
  await round();
  expect(await written()).toEqual(["proposed"]);
  clock.advance(1);
  await round();
  await expect.poll(steps).toEqual(["proposed", "expired"]);
});

it("goes on after a round in which the table takes nothing, and says so in the log", async () => {
  const { clock, round, file, logged, steps } = await open();
  const db = new Database(file);
  onTestFinished(() => void db.close());
  db.exec(`CREATE TRIGGER full BEFORE INSERT ON audit_event BEGIN SELECT RAISE(ABORT, 'no room'); END`);
  clock.advance(TTL_MS);
  await round();
  await expect.poll(() => logged).toContain("sweep_failed");
  db.exec("DROP TRIGGER full");
  await expect.poll(async () => round().then(steps)).toEqual(["proposed", "expired"]);
});

it("looks no more once it is stopped", async () => {
  const { clock, round, expiry, written } = await open();
  clock.advance(TTL_MS);
  expiry.stop();
  await round();
  expect(await written()).toEqual(["proposed"]);
});
