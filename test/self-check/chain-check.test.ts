/** The whole table, verified beside the running bot: what it says while that cannot be done. */
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { createWatch } from "../../src/self-check/self-check.ts";
import { openStore } from "../../src/store/database.ts";
import { openChat } from "../support/chat.ts";
import { ACCOUNT } from "../support/people.ts";
import { temporaryFolder } from "../support/world.ts";

it("says that the table is not verified after three tries in vain, tries on, and takes it back", async () => {
  const { chat, deps, store, logged } = await openChat();
  const file = join(temporaryFolder(), "away.db");
  const watch = createWatch({ file, store, account: ACCOUNT, productTypes: ["USDT-FUTURES"] });
  onTestFinished(watch.stop);
  watch.start(chat);
  await expect.poll(() => logged, { timeout: 10_000 }).toContain("chain_unverified");
  expect(watch.doubts()).toEqual([]);
  await expect.poll(watch.doubts, { timeout: 20_000 }).toEqual(["the audit table could not be verified"]);
  expect(logged.filter((event) => event === "chain_unverified").length).toBeGreaterThanOrEqual(3);
  expect(deps.killSwitch.frozen()).toBeUndefined();
  await (await openStore(file)).close();
  await expect.poll(watch.doubts, { timeout: 20_000 }).toEqual([]);
});
