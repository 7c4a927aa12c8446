import Database from "better-sqlite3";
import { expect, it, onTestFinished } from "vitest";
import { createBot, installHandlers } from "../../../src/telegram/bot.ts";
import { createDialogueStore } from "../../../src/telegram/margin-flow/dialogue-store.ts";
import { engageKillSwitch } from "../../../src/telegram/messaging/freeze.ts";
import { createBacklog } from "../../../src/telegram/updates/backlog.ts";
import { startPolling } from "../../../src/telegram/updates/polling.ts";
import { openChat } from "../../support/chat.ts";

it("tells the admins where a freeze could be written down in no place, and holds it all the same", async () => {
  const { chat, deps, file, telegram, logged } = await openChat();
  const bob = telegram.user({ id: 502 });
  bob.says("/start");
  const db = new Database(file);
  db.exec(`CREATE TRIGGER full BEFORE INSERT ON audit_event BEGIN SELECT RAISE(ABORT, 'no room'); END`);
  db.close();
  await engageKillSwitch(chat, "write_failed");
  expect(deps.killSwitch.frozen()).toBe("write_failed");
  const said = bob.chat.messages().filter(({ byBot }) => byBot);
  expect(said.map(({ text }) => text)).toEqual([
    expect.stringMatching(/^Frozen: /),
    expect.stringMatching(/holds until the bot ends/),
  ]);
  expect(logged).toContain("freeze_unkept");
});

it("freezes, and says so, while the lane of writes is busy; the row follows, and of many /freeze few are written", async () => {
  const { chat, access, deps, store, telegram, steps, drained } = await openChat();
  const bot = createBot(access);
  bot.botInfo = await bot.api.getMe();
  installHandlers(bot, chat, createDialogueStore(store, deps.now));
  const polling = startPolling(bot, createBacklog(access.clock, deps.sureNow));
  onTestFinished(polling.stop);
  const busy = Promise.withResolvers<void>();
  const held = store.writes.run(() => busy.promise);
  onTestFinished(() => busy.resolve());
  const bob = telegram.user({ id: 502 });
  for (let times = 1; times <= 30; times++) bob.says("/freeze");
  await bob.chat.waitFor(/^Frozen by Bob/);
  expect([deps.killSwitch.frozen(), steps()]).toEqual(["asked", []]);
  busy.resolve();
  await held;
  await drained();
  expect(steps()).toEqual(["frozen", "frozen"]);
});

it("lets go after a failed write as soon as the table takes a row, and not before", async () => {
  const { chat, access, deps, file, store, telegram } = await openChat();
  const bot = createBot(access);
  bot.botInfo = await bot.api.getMe();
  installHandlers(bot, chat, createDialogueStore(store, deps.now));
  const polling = startPolling(bot, createBacklog(access.clock, deps.sureNow));
  onTestFinished(polling.stop);
  const bob = telegram.user({ id: 502 });
  bob.says("/start");
  const db = new Database(file);
  onTestFinished(() => void db.close());
  db.exec(`CREATE TRIGGER full BEFORE INSERT ON audit_event BEGIN SELECT RAISE(ABORT, 'no room'); END`);
  await engageKillSwitch(chat, "write_failed");
  bob.says("/unfreeze");
  await bob.chat.waitFor(
    () => bob.chat.messages().filter(({ text }) => text.startsWith("Frozen: the audit")).length === 2,
  );
  expect(deps.killSwitch.frozen()).toBe("write_failed");
  db.exec("DROP TRIGGER full");
  bob.says("/unfreeze");
  await bob.chat.waitFor(/let go of the brake/);
  expect(deps.killSwitch.frozen()).toBeUndefined();
});
