/** A phone that has the playground open: a small Chromium, steered by what a person would see and press. */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";
import { onTestFinished } from "vitest";
import { type Running, run } from "../support/process.ts";

const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
/** A common phone, held upright, in CSS pixels. */
const VIEWPORT = { width: 390, height: 844 };
const SCREENSHOTS = fileURLToPath(new URL("screenshots/", import.meta.url));

export async function launch(): Promise<Browser> {
  if (!existsSync(CHROMIUM)) throw new Error(`no browser at ${CHROMIUM}: install the Debian package "chromium"`);
  return chromium.launch({ executablePath: CHROMIUM, args: ARGS });
}

/** `npm start` as a newcomer types it: no token, no account, an empty database. Ends with the test. */
export async function startAsNewcomer(): Promise<Running & { readonly url: string }> {
  const folder = mkdtempSync(join(tmpdir(), "margin-bot-browser-"));
  const env = {
    HTTP_PORT: "0",
    DATABASE_URL: `file:${join(folder, "bot.db")}`,
    // Set and empty, so that a developer's own .env cannot make this anything but the playground.
    TELEGRAM_BOT_TOKEN: "",
    BITGET_MODE: "paper",
  };
  const bot = run({ command: "npm", args: ["start"], env });
  onTestFinished(async () => {
    await bot.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const { http } = await bot.ready;
  return { ...bot, url: http };
}

export interface Phone {
  readonly page: Page;
  /** Writes a message and sends it. */
  say(text: string): Promise<void>;
  /** The newest message of the bot that has these words; waits for it. */
  heard(words: string | RegExp): Promise<Locator>;
  /** The button of this exact text under the newest message that has one. */
  key(text: string | RegExp): Locator;
  /** Keeps what is on the screen under this name, for people to look at. */
  screenshot(name: string): Promise<void>;
}

/** Opens the page at `url`. Errors of the page end the test. */
export async function openPhone(
  browser: Browser,
  url: string,
  colorScheme: "light" | "dark" = "light",
): Promise<Phone> {
  const context = await browser.newContext({ viewport: VIEWPORT, deviceScaleFactor: 2, hasTouch: true, colorScheme });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  onTestFinished(async () => {
    await context.close();
    if (errors.length > 0) throw new Error(`the page had errors: ${errors.join("; ")}`);
  });
  page.setDefaultTimeout(15_000);
  // The page keeps a stream of events open: "load" comes, an idle network never does.
  await page.goto(url, { waitUntil: "load" });
  await page.locator("#people button").first().waitFor();
  return {
    page,
    async say(text) {
      await page.locator("#text").fill(text);
      await page.locator("#send").click();
    },
    async heard(words) {
      const message = page.locator('#log article[data-bot="true"]').filter({ hasText: words }).last();
      await message.waitFor();
      return message;
    },
    key: (text) => page.locator(".row > button.key").filter({ hasText: text }).last(),
    async screenshot(name) {
      mkdirSync(SCREENSHOTS, { recursive: true });
      await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
    },
  };
}
