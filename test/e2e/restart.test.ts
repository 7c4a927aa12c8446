/** What was begun before the process ended goes on after it was started again. */
import { expect, it } from "vitest";
import { asks, cardAfter, cardFor, confirms, deedOf, verdictOn, verdicts } from "../support/talk.ts";
import { createWorld } from "../support/world.ts";

it("goes on with conversations and cards after a restart, and with what was said meanwhile", async () => {
  const { ann, bob, telegram, start, sent } = await createWorld({ budgets: false });
  const cyd = telegram.user({ id: 503, firstName: "Cyd" });
  const admins = { TELEGRAM_ADMIN_IDS: "501,502,503" };
  const first = await start(admins);
  const doneCard = await cardFor(ann, "/margin sol short 4");
  confirms(ann, doneCard);
  const done = await verdictOn(ann, doneCard);
  const openCard = await cardFor(ann, "/margin eth long 3");
  const position = await asks(bob, "/margin", /Which position/);
  const question = await asks(ann, "/margin btc", /How much/);
  expect(await first.stop("SIGTERM")).toBe(0);
  const meanwhile = cyd.says("/margin btc long 5");

  await start(admins);
  expect(deedOf(await cardAfter(cyd, meanwhile)).text).toBe("Add 5 USDT · BTC long");
  expect(deedOf(await cardFor(ann, "50")).text).toBe("Add 50 USDT · BTC long");
  bob.presses(/^SOL short/, { message: position });
  expect((await bob.chat.waitFor(/How much/, { after: position.id })).text).toMatch(/SOL short/);
  expect((await ann.pressesData(question, question.buttons[0]?.[0]?.data ?? "").answered).text).toMatch(/over/);
  confirms(ann, openCard);
  expect((await verdictOn(ann, openCard)).text).toMatch(/^Done/);
  expect(verdicts(ann, doneCard)).toEqual([done]);
  expect(sent()).toHaveLength(2);
});

it("goes on with a conversation after the process was killed", async () => {
  const { ann, start } = await createWorld({ budgets: false });
  const first = await start();
  await asks(ann, "/margin sol short", /How much to add to SOL short/);
  // Answered one after the other: what was asked before is on disk by now.
  await asks(ann, "/help", /What I can do/);
  await first.stop("SIGKILL");
  await start();
  expect(deedOf(await cardFor(ann, "-2")).text).toBe("Remove 2 USDT · SOL short");
});
