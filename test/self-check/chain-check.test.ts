/** The whole table, verified beside the running bot: what it says while that cannot be done. */
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { createSelfCheck } from "../../src/self-check/self-check.ts";
import { openStore } from "../../src/store/database.ts";
import { openChat } from "../support/chat.ts";
import { clockOf } from "../support/clock.ts";
import { ACCOUNT } from "../support/people.ts";
import { temporaryFolder } from "../support/world.ts";

it("says that the table is not verified after three tries in vain, tries on, and takes it back", async () => {
  const { chat, deps, store, logged, drained } = await openChat();
  const file = join(temporaryFolder(), "away.db");
  const watch = createSelfCheck({
    file,
    store,
    account: ACCOUNT,
    productTypes: ["USDT-FUTURES"],
    clock: clockOf(Date.now),
  });
  onTestFinished(watch.stop);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  /** The pause before the next try is over, and the try, too. */
  const nextTry = async () => {
    await vi.runOnlyPendingTimersAsync();
    await drained();
  };
  const tries = () => logged.filter((event) => event === "chain_unverified").length;
  watch.start(chat);
  await drained();
  await nextTry();
  expect([tries(), watch.doubts()]).toEqual([2, []]);
  await nextTry();
  expect([tries(), watch.doubts()]).toEqual([3, ["the audit table could not be verified"]]);
  await nextTry();
  expect(tries()).toBe(4);
  expect(deps.killSwitch.frozen()).toBeUndefined();
  await (await openStore(file)).close();
  await nextTry();
  expect([tries(), watch.doubts()]).toEqual([4, []]);
});
