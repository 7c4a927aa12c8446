/** What an operator lives through: backups, restored copies, a broken guard, Telegram that fails. */
import { copyFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { expect, it, onTestFinished } from "vitest";
import { verifyFile } from "../../src/audit/verify.ts";
import { run } from "../support/process.ts";
import { createWorld, type World } from "../support/world.ts";

async function addTo({ ann }: World, coin: string, amount: string): Promise<void> {
  ann.says(`/margin ${coin} long ${amount}`);
  const card = await ann.chat.waitFor(new RegExp(`^Add ${amount} USDT · ${coin.toUpperCase()} long`));
  ann.presses(`Add ${amount} USDT · ${coin.toUpperCase()} long`, { message: card });
  await ann.chat.waitFor(new RegExp(`^Done: added ${amount} USDT`));
}

async function backup({ environment }: World, file: string): Promise<{ code: number | null; output: string }> {
  const command = run({ args: ["src/main.ts", "backup", file], env: environment() });
  const { code } = await command.ended;
  return { code, output: command.output() };
}

function restore(world: World, copy: string): void {
  for (const end of ["", "-wal", "-shm"]) rmSync(world.database + end, { force: true });
  copyFileSync(copy, world.database);
}

async function readiness(http: string): Promise<{ status: number; body: string }> {
  const response = await fetch(`${http}/readyz`);
  return { status: response.status, body: await response.text() };
}

it("copies the database while the bot runs, verifies the copy, and never writes over a file", async () => {
  const world = await createWorld();
  await world.start();
  await addTo(world, "btc", "50");
  const file = join(world.folder, "copy.db");
  const made = await backup(world, file);
  expect(made.code).toBe(0);
  expect(made.output).toMatch(/^ok 4 [0-9a-f]{64}$/m);
  expect(verifyFile(file, [])).toMatchObject({ kind: "ok", seq: 4 });
  expect((await backup(world, file)).code).toBe(2);
});

it("adjusts, and verifies, beside Litestream, which comes while the bot runs or was there before", async () => {
  const world = await createWorld();
  const first = await world.start();
  const db = new Database(world.database);
  onTestFinished(() => void db.close());
  db.exec("CREATE TABLE IF NOT EXISTS _litestream_seq (id INTEGER PRIMARY KEY, seq INTEGER);");
  db.exec("CREATE TABLE IF NOT EXISTS _litestream_lock (id INTEGER);");
  db.exec("INSERT INTO _litestream_seq VALUES (1, 1)");
  await addTo(world, "btc", "50");
  await first.stop();
  const second = await world.start();
  db.pragma("wal_checkpoint(TRUNCATE)");
  await addTo(world, "btc", "60");
  expect((await readiness((await second.ready).http)).status).toBe(200);
  expect(verifyFile(world.database, [])).toMatchObject({ kind: "ok", seq: 8 });
});

/** A world that was set back to an old copy, of its whole folder or of the database alone, after one more adjustment. */
async function setBack(wholeFolder = true): Promise<World> {
  const world = await createWorld();
  const first = await world.start();
  await addTo(world, "btc", "50");
  const copy = join(world.folder, "copy.db");
  await backup(world, copy);
  await addTo(world, "btc", "60");
  await first.stop();
  restore(world, copy);
  if (wholeFolder) rmSync(`${world.database}.anchor`);
  return world;
}

it.each([
  ["by the anchor beside the database", false],
  ["by Bitget's bills when the whole folder is an old one", true],
])("notices a restored backup %s, and needs an admin before money moves", async (_, wholeFolder) => {
  const world = await setBack(wholeFolder);
  const second = await world.start();
  await world.ann.chat.waitFor(/Frozen: .*old copy/);
  expect(await readiness((await second.ready).http)).toEqual({
    status: 503,
    body: expect.stringContaining("frozen: restored"),
  });
  expect(world.rows().map((row) => row.step)).toContain("restored");
  world.ann.says("/margin btc long 7");
  await world.ann.chat.waitFor(/bot is frozen/);
  world.ann.says("/unfreeze");
  await world.ann.chat.waitFor(/let go of the brake/);
  await addTo(world, "btc", "8");
  expect(world.exchange.applied()).toHaveLength(3);
});

it("starts as ever after somebody used Bitget's app while it ran, and not after they did while it was down", async () => {
  const world = await createWorld();
  const first = await world.start();
  await addTo(world, "btc", "50");
  world.exchange.setMarginOutside("BTCUSDT", "long", "3");
  await first.stop();
  const second = await world.start();
  expect((await readiness((await second.ready).http)).status).toBe(200);
  await addTo(world, "btc", "8");
  await second.stop();
  world.exchange.setMarginOutside("BTCUSDT", "long", "4");
  await world.start();
  await world.ann.chat.waitFor(/Frozen: .*somebody changed margin in Bitget's app/);
});

it("notices a restored backup by a bill that many others have followed", async () => {
  const world = await setBack();
  for (let bills = 1; bills <= 120; bills++) world.exchange.autoAppend("BTCUSDT", "long", "0.01");
  await world.start();
  await world.ann.chat.waitFor(/Frozen: .*old copy/);
});

it("notices a restored backup when Bitget's bills can be read, although they could not at the start", async () => {
  const world = await setBack();
  world.exchange.fail({ path: /account\/bill/, how: { kind: "html" }, times: 2 });
  const second = await world.start();
  expect(second.lines.map(({ event }) => event)).toContain("restore_unchecked");
  await world.ann.chat.waitFor(/Frozen: .*old copy/);
});

it("starts frozen with a broken guard, says so, and no admin can talk it out of that", async () => {
  const world = await createWorld();
  const first = await world.start();
  world.ann.says("/start");
  await world.ann.chat.waitFor(/Hello Ann/);
  await first.stop();
  const db = new Database(world.database);
  db.exec("DROP TRIGGER audit_event_one_open_send");
  db.close();
  const second = await world.start();
  await world.ann.chat.waitFor(/Frozen: a guard of the database is broken/);
  expect((await readiness((await second.ready).http)).body).toContain("frozen: guards");
  const before = world.ann.chat.lastBotMessage()?.id ?? 0;
  world.ann.says("/unfreeze");
  await world.ann.chat.waitFor(/Frozen: a guard/, { after: before });
  world.ann.says("/margin btc long 5");
  await world.ann.chat.waitFor(/bot is frozen/);
  expect(world.exchange.applied()).toHaveLength(0);
});

it.each<[string, (file: string) => void]>([
  ["deleted", (file) => rmSync(file)],
  // At one stroke: a folder that is emptied file by file lacks the files beside the database first.
  ["moved away with its whole folder", (file) => renameSync(dirname(file), `${dirname(file)}.elsewhere`)],
  ["moved away", (file) => renameSync(file, `${file}.elsewhere`)],
  [
    "replaced by a copy",
    (file) => {
      copyFileSync(file, `${file}.copy`);
      renameSync(`${file}.copy`, file);
    },
  ],
])("moves no money once its database was %s under it, and says so to the admins and on /readyz", async (_, spoil) => {
  const world = await createWorld();
  onTestFinished(() => rmSync(`${dirname(world.database)}.elsewhere`, { recursive: true, force: true }));
  const { ann } = world;
  const running = await world.start();
  await addTo(world, "btc", "50");
  ann.says("/margin btc long 60");
  await ann.chat.waitFor(/^Add 60 USDT/);
  spoil(world.database);
  ann.presses("Add 60 USDT · BTC long");
  await ann.chat.waitFor(/^Frozen: the database file is not in its place any more/);
  expect(await readiness((await running.ready).http)).toEqual({
    status: 503,
    body: expect.stringContaining("frozen: file_lost"),
  });
  const before = ann.chat.lastBotMessage()?.id ?? 0;
  ann.says("/unfreeze");
  await ann.chat.waitFor(/^Frozen: the database file/, { after: before });
  ann.says("/margin btc long 70");
  await ann.chat.waitFor(/bot is frozen/, { after: before });
  expect(world.exchange.applied()).toHaveLength(1);
});

it("stays frozen over a restart although the kill switch could not be written into the table, until /unfreeze", async () => {
  const world = await createWorld();
  const first = await world.start();
  const db = new Database(world.database);
  db.exec(`CREATE TRIGGER full BEFORE INSERT ON audit_event BEGIN SELECT RAISE(ABORT, 'no room'); END`);
  world.ann.says("/freeze");
  await world.ann.chat.waitFor(/Frozen by Ann/);
  await first.stop("SIGKILL");
  db.exec("DROP TRIGGER full");
  db.close();
  expect(world.rows()).toEqual([]);
  const second = await world.start();
  expect((await readiness((await second.ready).http)).body).toContain("frozen: asked");
  world.ann.says("/unfreeze");
  await world.ann.chat.waitFor(/let go of the brake/);
  await second.stop("SIGKILL");
  const third = await world.start();
  expect((await readiness((await third.ready).http)).status).toBe(200);
});

it("tells a verdict although Telegram failed several times, once, in reply to the card", async () => {
  const world = await createWorld();
  const { ann, telegram } = world;
  await world.start();
  ann.says("/margin btc long 50");
  const card = await ann.chat.waitFor(/^Add 50 USDT/);
  telegram.fail("sendMessage", { kind: "error", code: 500, description: "Internal Server Error" }, 2);
  ann.presses("Add 50 USDT · BTC long");
  const verdict = await ann.chat.waitFor(/^Done/);
  expect(verdict.replyTo).toBe(card.id);
  await addTo(world, "btc", "9");
  expect(ann.chat.messages().filter((message) => message.text.startsWith("Done: added 50"))).toHaveLength(1);
  expect(world.exchange.applied()).toHaveLength(2);
});

it("tells the other admins a verdict that its own chat can never hear", async () => {
  const world = await createWorld();
  const { ann, bob } = world;
  await world.start();
  bob.says("/start");
  await bob.chat.waitFor(/Hello Bob/);
  ann.says("/margin btc long 50");
  await ann.chat.waitFor(/^Add 50 USDT/);
  const call = world.exchange.hold(/set-margin/);
  ann.presses("Add 50 USDT · BTC long");
  await call.reached;
  ann.blocksBot();
  call.release();
  expect((await bob.chat.waitFor(/^For Ann/)).text).toMatch(/Done: added 50 USDT/);
});

it("tells a verdict after a restart that was recorded and not told", async () => {
  const world = await createWorld();
  const { ann, telegram } = world;
  const first = await world.start();
  ann.says("/margin btc long 50");
  const card = await ann.chat.waitFor(/^Add 50 USDT/);
  const end = telegram.failWhen(({ method, params }) =>
    method === "sendMessage" && String(params["text"]).startsWith("Done")
      ? { kind: "drop", when: "before" }
      : undefined,
  );
  ann.presses("Add 50 USDT · BTC long");
  await first.logged("verdict_not_told");
  await first.stop("SIGKILL");
  end();
  await world.start();
  expect((await ann.chat.waitFor(/^Done: added 50 USDT/)).replyTo).toBe(card.id);
  expect(world.exchange.applied()).toHaveLength(1);
});

it("waits for another program that holds the database, names it, and goes on by itself", async () => {
  const world = await createWorld();
  const { http } = await (await world.start()).ready;
  const { ann, bob } = world;
  bob.says("/start");
  ann.says("/margin btc long 50");
  const card = await ann.chat.waitFor(/^Add 50 USDT · BTC long/);
  const other = new Database(world.database);
  onTestFinished(() => void other.close());
  other.exec("BEGIN IMMEDIATE");
  ann.presses("Add 50 USDT · BTC long", { message: card });
  await bob.chat.waitFor(/^Another program holds the bot's database/);
  expect(await readiness(http)).toMatchObject({
    status: 503,
    body: expect.stringContaining("another program holds the database"),
  });
  expect(world.sent()).toEqual([]);
  other.exec("ROLLBACK");
  await ann.chat.waitFor(/^Done: added 50 USDT/);
  expect(world.sent()).toHaveLength(1);
  expect(await readiness(http)).toMatchObject({ status: 200 });
  expect(world.rows().map(({ step }) => step)).toEqual(["proposed", "confirmed", "sending", "accepted"]);
});
