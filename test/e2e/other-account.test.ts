/** The bot was started again with another account or mode: what belongs to the one before leads nowhere, and says so. */
import { expect, it } from "vitest";
import { asks, cardFor, closed, confirms, verdictOn } from "../support/talk.ts";
import { createWorld } from "../support/world.ts";

it.each([
  ["account", { BITGET_ACCOUNT: "second" }],
  ["mode", { BITGET_MODE: "demo" }],
])("neither confirms nor repeats anything of another %s", async (_, env) => {
  const { ann, exchange, start, sent, rows } = await createWorld({ budgets: false });
  const first = await start();
  const [doneCard, open] = [await cardFor(ann, "/margin sol short 4"), await cardFor(ann, "/margin eth long 3")];
  confirms(ann, doneCard);
  const done = await verdictOn(ann, doneCard, /^Done/);
  const refused = await asks(ann, "/margin btc long 999999", /^Not done/);
  expect(await first.stop("SIGTERM")).toBe(0);

  const bot = await start(env);
  const before = rows().length;
  expect((await confirms(ann, open).answered).text).toMatch(/another account/);
  for (const [message, button] of [
    [done, "Undo 4 USDT"],
    [done, "Add more"],
    [done, "Position"],
    [refused, /^Use /],
    [open, "Change amount"],
  ] as const) {
    expect((await ann.presses(button, { message }).answered).text, String(button)).toMatch(/another account/);
  }
  const none = await asks(ann, "/repeat", /./);
  expect(none.text).toMatch(/nothing to repeat/);
  expect(rows()).toHaveLength(before);
  expect(sent()).toHaveLength(1);
  const { http } = await bot.ready;
  expect((await fetch(`${http}/readyz`)).status).toBe(200);

  ann.presses("Cancel", { message: open });
  expect((await closed(ann, open)).text).toMatch(/Cancelled/);
  const card = await cardFor(ann, "/margin sol short 2");
  confirms(ann, card);
  await verdictOn(ann, card, /^Done/);
  expect(exchange.position("SOLUSDT", "short")?.marginSize).toBe("76");
  const again = await cardFor(ann, "/repeat");
  expect(again.text).toMatch(/^Add 2 USDT · SOL short/);
});
