/** Presses that waited at Telegram while the bot was down. */
import { expect, it } from "vitest";
import { cardFor, closed, confirms, verdictOn } from "../support/talk.ts";
import { createWorld } from "../support/world.ts";

const TTL = { CONFIRM_TTL_S: "600" };

it("answers a press of a card that was made while it was down, carries out none, and the next press counts", async () => {
  const { ann, start, sent, rows } = await createWorld({ budgets: false });
  const first = await start(TTL);
  const card = await cardFor(ann, "/margin btc long 5");
  await first.stop("SIGTERM");
  const late = confirms(ann, card);
  await start(TTL);
  expect((await late.answered).text).toMatch(/pressed while I was offline.+press it again/);
  expect([sent(), rows().map(({ step }) => step)]).toEqual([[], ["proposed"]]);
  confirms(ann, card);
  expect((await verdictOn(ann, card)).text).toMatch(/^Done/);
  expect(sent()).toHaveLength(1);
});

it("cancels a card whose Cancel was pressed while it was down", async () => {
  const { ann, start, sent } = await createWorld({ budgets: false });
  const first = await start(TTL);
  const card = await cardFor(ann, "/margin btc long 5");
  await first.stop("SIGTERM");
  ann.presses("Cancel", { message: card });
  await start(TTL);
  expect((await closed(ann, card)).text).toMatch(/Cancelled/);
  expect(sent()).toEqual([]);
});

it("leads from no question to a card by a press that was made while it was down", async () => {
  const { ann, start } = await createWorld({ budgets: false });
  const first = await start(TTL);
  const said = ann.says("/margin");
  const question = await ann.chat.waitFor(/Which position/, { after: said.id });
  await first.stop("SIGTERM");
  const late = ann.presses(/^SOL short/, { message: question });
  await start(TTL);
  expect((await late.answered).text).toMatch(/offline/);
  ann.presses(/^SOL short/, { message: question });
  expect((await ann.chat.waitFor(/How much/, { after: question.id })).text).toMatch(/SOL short/);
});

it("says so below the card, once, where Telegram takes no answer to the presses any more", async () => {
  const { ann, start, sent, telegram } = await createWorld({ budgets: false });
  const first = await start(TTL);
  const card = await cardFor(ann, "/margin btc long 5");
  await first.stop("SIGTERM");
  const tooOld = { kind: "error", code: 400, description: "Bad Request: query is too old" } as const;
  telegram.failWhen(({ method }) => (method === "answerCallbackQuery" ? tooOld : undefined));
  for (let times = 1; times <= 3; times++) confirms(ann, card).answered.catch(() => undefined);
  await start(TTL);
  const said = await ann.chat.waitFor(/pressed while I was offline/, { after: card.id });
  expect(said.replyTo).toBe(card.id);
  await cardFor(ann, "/margin eth long 3");
  expect(ann.chat.messages().filter(({ text }) => text.includes("pressed while"))).toHaveLength(1);
  expect(sent()).toEqual([]);
});
