/** The conversation where several people talk: groups and their topics. The bot hears there what privacy mode lets it. */
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  asks,
  cancelOf,
  cardAfter,
  cardFor,
  closed,
  confirms,
  deedOf,
  type Speaker,
  verdictOn,
} from "../support/talk.ts";
import { createWorld, openWorld, SET_MARGIN } from "../support/world.ts";

const { ann, bob, telegram, start, sent, close } = await openWorld({ budgets: false });
const deps = telegram.group({ title: "Desk", members: [501, 502] });
const forum = telegram.group({ title: "Forum", members: [501, 502], topics: ["Morning", "Evening"] });
beforeAll(() => start({ TELEGRAM_CHAT_IDS: `${deps.id},${forum.id}` }));
afterAll(close);

/** Asks for an adjustment up to the question how much. */
async function atAmount(speaker: Speaker, position: RegExp) {
  const question = await asks(speaker, "/margin", /Which position/);
  speaker.presses(position, { message: question });
  return speaker.chat.waitFor(/How much/, { after: question.id });
}

it("leads through the whole conversation by replies to its questions", async () => {
  const inGroup = ann.in(deps);
  const question = await atAmount(inGroup, /^BTC long/);
  expect(question.replyBox).toBeDefined();
  const loose = inGroup.says("31");
  expect(loose.updateId).toBeUndefined();
  const card = await cardAfter(inGroup, inGroup.says("30", { replyTo: question }));
  expect(deedOf(card).text).toBe("Add 30 USDT · BTC long");
  confirms(inGroup, card);
  expect((await verdictOn(inGroup, card)).text).toMatch(/^Done/);
  expect(sent()).toHaveLength(1);
});

it("never mixes two people in one group", async () => {
  const [annHere, bobHere] = [ann.in(deps), bob.in(deps)];
  const annAsked = await asks(annHere, "/margin", /Which position/);
  const bobAsked = await asks(bobHere, "/margin", /Which position/);
  const eth = annAsked.buttons.flat().find((button) => button.text.startsWith("ETH long"));
  const toast = await bobHere.pressesData(annAsked, eth?.data ?? "").answered;
  expect(toast.text).not.toBe("");
  bobHere.presses(/^SOL long/, { message: bobAsked });
  const bobAmount = await deps.waitFor(/How much to add to SOL long/, { after: bobAsked.id });
  annHere.presses(/^BTC long/, { message: annAsked });
  const annAmount = await deps.waitFor(/How much to add to BTC long/, { after: bobAsked.id });
  const bobCard = await cardAfter(bobHere, bobHere.says("12", { replyTo: bobAmount }));
  const annCard = await cardAfter(annHere, annHere.says("34", { replyTo: annAmount }));
  expect([deedOf(bobCard).text, deedOf(annCard).text]).toEqual(["Add 12 USDT · SOL long", "Add 34 USDT · BTC long"]);
  expect([bobCard.text, annCard.text]).toEqual([
    expect.stringContaining("asked by Bob"),
    expect.stringContaining("asked by Ann"),
  ]);
});

it("takes no answer from somebody whom it did not ask", async () => {
  const [annHere, bobHere] = [ann.in(deps), bob.in(deps)];
  await asks(bobHere, "/cancel", /./);
  const question = await atAmount(annHere, /^ETH long/);
  bobHere.says("77", { replyTo: question });
  const card = await cardAfter(annHere, annHere.says("14", { replyTo: question }));
  expect(deedOf(card).text).toBe("Add 14 USDT · ETH long");
  expect(deps.messages().filter((message) => message.byBot && /\b77 USDT/.test(message.text))).toEqual([]);
});

it("never mixes two topics of one person, and answers each in its own", async () => {
  const [morning, evening] = [ann.in(forum, "Morning"), ann.in(forum, "Evening")];
  const first = await atAmount(morning, /^BTC long/);
  const second = await atAmount(evening, /^SOL short/);
  expect([first.topic, second.topic]).toEqual([morning.chat.topicId, evening.chat.topicId]);
  const eveningCard = await cardAfter(evening, evening.says("4", { replyTo: second }));
  const morningCard = await cardAfter(morning, morning.says("5", { replyTo: first }));
  expect([deedOf(morningCard).text, morningCard.topic]).toEqual(["Add 5 USDT · BTC long", morning.chat.topicId]);
  expect([deedOf(eveningCard).text, eveningCard.topic]).toEqual(["Add 4 USDT · SOL short", evening.chat.topicId]);
  confirms(evening, eveningCard);
  const verdict = await verdictOn(evening, eveningCard);
  expect([verdict.topic, verdict.text.startsWith("Done")]).toEqual([evening.chat.topicId, true]);
});

it("refuses a foreign press in one short sentence, names whose card it is, and leaves it open", async () => {
  const [annHere, bobHere] = [ann.in(deps), bob.in(deps)];
  const before = sent().length;
  const card = await cardFor(annHere, "/margin btc long 15");
  const { text = "" } = await confirms(bobHere, card).answered;
  expect(text).toMatch(/Ann/);
  expect(text.length).toBeLessThan(100);
  expect(sent()).toHaveLength(before);
  expect((await confirms(annHere, card).answered).text).toMatch(/Confirmed/);
  expect((await verdictOn(annHere, card)).text).toMatch(/^Done/);
  expect(sent()).toHaveLength(before + 1);
});

it("lets an admin cancel somebody else's card, and says who did", async () => {
  const [annHere, bobHere] = [ann.in(deps), bob.in(deps)];
  const before = sent().length;
  const card = await cardFor(annHere, "/margin btc long 16");
  expect((await bobHere.pressesData(card, cancelOf(card)).answered).text).toMatch(/Cancelled/);
  expect((await closed(annHere, card)).text).toMatch(/Cancelled by Bob/);
  expect((await confirms(annHere, card).answered).text).not.toBe("");
  expect(sent()).toHaveLength(before);
});

it("goes on in a group that became a supergroup, and after a restart, too", async () => {
  const { ann, telegram, exchange, start, rows } = await createWorld({ budgets: false });
  const basic = telegram.group({ title: "Desk", basic: true, members: [501, 502] });
  const env = { TELEGRAM_CHAT_IDS: String(basic.id) };
  const first = await start(env);
  const card = await cardFor(ann.in(basic), "/margin btc long 50");
  const call = exchange.hold(SET_MARGIN);
  confirms(ann.in(basic), card);
  await call.reached;
  const desk = basic.migrate(ann);
  await first.logged("group_moved_set_TELEGRAM_CHAT_IDS");
  call.release();
  await desk.waitFor(/^Done: added 50 USDT/);
  await first.stop();
  await start(env);
  const here = ann.in(desk);
  const next = await cardFor(here, "/margin btc long 7");
  confirms(here, next);
  expect((await verdictOn(here, next)).text).toMatch(/^Done/);
  expect(rows().filter(({ code }) => code === "group_moved")).toMatchObject([
    { step: "note", actor: "bot", detail: { movedFrom: String(basic.id), movedTo: String(desk.id) } },
  ]);
});

it("lets nobody who is no member cancel or confirm a card", async () => {
  const mallory = telegram.user({ id: 666, firstName: "Mallory" }).in(deps);
  const annHere = ann.in(deps);
  const before = sent().length;
  const card = await cardFor(annHere, "/margin btc long 17");
  for (const data of [cancelOf(card), deedOf(card).data]) {
    expect((await mallory.pressesData(card, data).answered).text).toMatch(/nothing was changed/i);
  }
  expect(sent()).toHaveLength(before);
  expect((await annHere.pressesData(card, cancelOf(card)).answered).text).toMatch(/Cancelled/);
});
