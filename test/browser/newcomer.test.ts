/** What somebody meets who types the first command of the README and opens the page, on a phone. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launch, openPhone, startAsNewcomer } from "./phone.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser?.close());

/** The margin that a text names as `Margin 272.5`, as ten-thousandths, so that sums are exact. */
function marginIn(text: string, words: RegExp): bigint {
  const [, whole = "", fraction = ""] = words.exec(text) ?? [];
  if (whole === "") throw new Error(`no margin in: ${text}`);
  return BigInt(whole + fraction.padEnd(4, "0"));
}

const FIFTY = 500_000n;
const ANCHOR = /#(\d+) ([0-9a-f]{16})/;

describe("a newcomer", () => {
  it("adds 50 USDT to BTC long step by step, and finds it in the history", async () => {
    const { url } = await startAsNewcomer();
    const phone = await openPhone(browser, url);
    await phone.screenshot("1-empty");

    await phone.say("/margin");
    await phone.heard("Which position?");
    await phone.screenshot("2-positions");
    await phone.key(/^BTC long /).click();

    const question = await phone.heard("How much to add to BTC long?");
    const before = marginIn(await question.innerText(), /Margin (\d+)\.?(\d*) USDT/);
    await phone.screenshot("3-amount");
    await phone.say("50");

    await phone.heard("Free ");
    const deed = phone.key("Add 50 USDT · BTC long");
    await deed.waitFor();
    await phone.screenshot("4-card");
    await deed.click();

    const verdict = await phone.heard(/^.*Done: added 50 USDT to BTC long\./s);
    const said = await verdict.innerText();
    await phone.screenshot("5-done");
    expect(marginIn(said, /Margin is now (\d+)\.?(\d*) USDT/)).toBe(before + FIFTY);
    const [, seq, hash] = ANCHOR.exec(said) ?? [];

    await phone.say("/history");
    const history = await phone.heard("Your last adjustments");
    await phone.screenshot("6-history");
    expect(await history.innerText()).toContain(`BTCUSDT long +50 USDT · done · #${seq} ${hash}`);
  });

  it("removes without typing an amount, from the buttons alone", async () => {
    const { url } = await startAsNewcomer();
    const phone = await openPhone(browser, url, "dark");

    await phone.say("/margin btc");
    await phone.key("Remove instead").click();
    await phone.heard(/How much to remove from BTC long/);
    await phone.screenshot("7-remove-dark");
    // The smallest comes first: larger ones may be more than the exchange lets go.
    await phone.page
      .locator(".row > button.key", { hasText: /^-[\d.]+ USDT$/ })
      .first()
      .click();
    const deed = phone.key(/^Remove [\d.]+ USDT · BTC long$/);
    await deed.waitFor();
    await phone.screenshot("8-remove-card-dark");
    await deed.click();

    await phone.heard(/Done: removed [\d.]+ USDT from BTC long\./);
    await phone.screenshot("9-removed-dark");
  });

  it("cannot confirm the card of somebody else in the group, and is told so", async () => {
    const { url } = await startAsNewcomer();
    const phone = await openPhone(browser, url);
    await phone.page.locator("#chats button", { hasText: "Desk" }).click();

    await phone.say("/margin btc long 50");
    await phone.heard("asked by You");
    await phone.page.locator("#people button", { hasText: "Ann" }).click();
    await phone.key("Add 50 USDT · BTC long").click();

    await expect.poll(() => phone.page.locator("#toast").innerText()).toContain("Only You can press this.");
    await phone.screenshot("10-not-yours");
    expect(await phone.page.locator('#log article[data-bot="true"]', { hasText: /Done|Not done/ }).count()).toBe(0);
  });

  it("sees what to do at every turn, on one screen", async () => {
    const { url } = await startAsNewcomer();
    const phone = await openPhone(browser, url);
    for (const [command, words, name] of [
      ["/positions", "nearest to liquidation first", "12-positions-list"],
      ["/whatif btc long", "What if", "13-whatif"],
      ["/margin btd long 50", "Did you mean one of these?", "14-instead"],
      ["/margin btc long remove max", "Remove all that can go", "15-remove-all"],
      ["/margin btc long 9999", "Not done", "16-not-done"],
      ["/margin btc long 14% away", "To liquidation 14 % away", "17-goal"],
    ] as const) {
      await phone.say(command);
      await phone.heard(words);
      await phone.screenshot(name);
    }
    await phone.key(/^Add [\d.]+ USDT · BTC long$/).click();
    await phone.heard("Done: added");
    await phone.say("/history");
    await phone.heard("Your last adjustments");
    await phone.screenshot("18-history");
    await phone.page
      .locator(".row > button.key", { hasText: /^#\d+$/ })
      .first()
      .click();
    await phone.heard("Sent to Bitget");
    await phone.screenshot("19-history-entry");
  });

  it("never has to scroll sideways on a phone", async () => {
    const { url } = await startAsNewcomer();
    const phone = await openPhone(browser, url);
    for (const [command, words] of [
      ["/help", "What I can do"],
      ["/positions", "nearest to liquidation first"],
      ["/audit", "audit table"],
    ] as const) {
      await phone.say(command);
      await phone.heard(words);
    }
    await phone.screenshot("11-lists");
    const { scrollWidth, clientWidth } = (await phone.page.evaluate(
      "({ scrollWidth: document.documentElement.scrollWidth, clientWidth: document.documentElement.clientWidth })",
    )) as { scrollWidth: number; clientWidth: number };
    expect(scrollWidth).toBe(clientWidth);
  });
});
