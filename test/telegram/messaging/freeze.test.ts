import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { engageKillSwitch } from "../../../src/telegram/messaging/freeze.ts";
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
