/** Nothing that must stay secret gets out, whatever goes wrong. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Fault } from "../../src/paper/exchange.ts";
import { asks, cardFor, confirms, verdictOn } from "../support/talk.ts";
import { createWorld, SECRETS, SET_MARGIN, SINGLE_POSITION } from "../support/world.ts";

function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const quoted = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    quoted,
    encodeURIComponent(secret),
    ...(["base64", "base64url", "hex"] as const).map((as) => bytes.toString(as)),
  ];
}

const LEAKY = `bad ${SECRETS.key} ${SECRETS.secret} ${SECRETS.passphrase}`;

it("keeps token, key, secret and passphrase out of log, database, chat and export, through faults of all kinds", async () => {
  const { ann, exchange, telegram, folder, start, exported } = await createWorld({ budgets: false });
  const bot = await start({ LOG_LEVEL: "trace" });

  const faults: readonly [string, Fault, RegExp][] = [
    ["btc", { kind: "code", code: "40014", msg: LEAKY }, /^Not done/],
    ["btc", { kind: "code", code: "99998", msg: LEAKY }, /^Not known yet/],
    ["eth", { kind: "reset" }, /^Not known yet/],
    ["sol", { kind: "status", status: 502, body: LEAKY }, /^Not known yet/],
  ];
  for (const [coin, how, word] of faults) {
    const card = await cardFor(ann, `/margin ${coin} long 5`);
    exchange.fail({ path: SET_MARGIN, how });
    confirms(ann, card);
    expect((await verdictOn(ann, card)).text).toMatch(word);
  }
  exchange.fail({ path: SINGLE_POSITION, how: { kind: "code", code: "40012", msg: LEAKY } });
  await asks(ann, "/margin sol short 5", /^Not done/);
  telegram.fail("getUpdates", { kind: "html" });
  telegram.fail("sendMessage", { kind: "drop", when: "before" });
  telegram.fail("sendMessage", { kind: "error", code: 400, description: "Bad Request: chat not found" });
  for (const text of ["/help", "/start", "/positions"]) ann.says(text);
  await ann.chat.waitFor(/^(?:Positions|What I can do|Hello)/);
  const rows = await exported();
  expect(await bot.stop("SIGTERM")).toBe(0);

  const files = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
  const seen: Record<string, Buffer> = {
    log: Buffer.from(bot.output()),
    database: Buffer.concat(files),
    chat: Buffer.from(JSON.stringify([ann.chat.messages(), telegram.calls().map((call) => call.params)])),
    export: Buffer.from(JSON.stringify(rows)),
  };
  expect(seen["log"]?.includes("telegram_send_failed")).toBe(true);
  for (const where of ["database", "chat", "export"]) expect(seen[where]?.includes("BTCUSDT"), where).toBe(true);
  for (const [name, secret] of Object.entries(SECRETS)) {
    for (const [where, bytes] of Object.entries(seen)) {
      const leaks = spellings(secret).filter((spelling) => bytes.includes(spelling));
      expect(leaks, `${name} in ${where}`).toEqual([]);
    }
  }
});
