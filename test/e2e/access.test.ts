/** Who is heard, where, and when: everybody else leaves no trace at the exchange. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Running } from "../support/process.ts";
import { asks, cardAfter, cardFor, closed, confirms, deedOf, verdictOn } from "../support/talk.ts";
import { openWorld } from "../support/world.ts";

const { ann, exchange, telegram, start, sent, close } = await openWorld({ budgets: false });
const deps = telegram.group({ title: "Desk", members: [501, 502] });
const elsewhere = telegram.group({ title: "Elsewhere", members: [501] });
const old = telegram.group({ title: "Old desk", members: [501], basic: true });
const oldElsewhere = telegram.group({ title: "Old elsewhere", members: [501], basic: true });
const channel = telegram.channel({ title: "News" });
const mallory = telegram.user({ id: 666, firstName: "Mallory" });
const otherBot = telegram.user({ id: 777, firstName: "Other bot", isBot: true });
let bot: Running;
beforeAll(async () => {
  bot = await start({ TELEGRAM_CHAT_IDS: `${deps.id},${old.id}` });
});
afterAll(close);

const LINE = "/margin btc long 50";
const minutesAgo = (minutes: number) => Math.floor(Date.now() / 1000) - minutes * 60;

/** Resolves when the bot has answered a member, and has read everything that was said before. */
async function fence(): Promise<void> {
  await asks(ann, "/help", /What I can do/);
  await telegram.idle();
}

describe("a stranger", () => {
  it("gets one fixed line with their own id in a private chat, and nothing is read for them", async () => {
    const before = exchange.calls.length;
    const answers = [];
    for (const text of [LINE, "/start", "hello"]) answers.push((await asks(mallory, text, /./)).text);
    await fence();
    expect(answers[0]).toMatch(/\b666\b/);
    expect(answers[0]?.split("\n")).toHaveLength(1);
    expect(new Set(answers).size).toBe(1);
    expect(exchange.calls).toHaveLength(before);
  });

  it("is not answered without end", async () => {
    for (let times = 0; times < 20; times++) mallory.says(LINE);
    await fence();
    expect(mallory.chat.messages().filter((message) => message.byBot).length).toBeLessThan(10);
  });

  it("gets nothing in a group", async () => {
    const [here, before] = [telegram.user({ id: 667, firstName: "Eve" }).in(deps), exchange.calls.length];
    const said = here.says(LINE);
    here.says("/start");
    await fence();
    expect(said.updateId).toBeDefined();
    expect(deps.messages().filter((message) => message.byBot && message.id > said.id)).toEqual([]);
    expect(exchange.calls).toHaveLength(before);
  });
});

describe("a member", () => {
  it("works in a group that the bot is told to work in", async () => {
    const here = ann.in(deps);
    const card = await cardFor(here, "/margin btc long 5");
    confirms(here, card);
    expect((await verdictOn(here, card)).text).toMatch(/^Done/);
  });

  it("gets nothing in any other group", async () => {
    const before = exchange.calls.length;
    const said = ann.in(elsewhere).says(LINE);
    await fence();
    expect(said.updateId).toBeDefined();
    expect(elsewhere.messages().filter((message) => message.byBot)).toEqual([]);
    expect(exchange.calls).toHaveLength(before);
  });
});

describe("a group that was upgraded", () => {
  it("is followed to its new id, and the log says what to set", async () => {
    const moved = old.migrate(ann);
    await cardFor(ann.in(moved), "/margin btc long 7");
    const line = await bot.logged("group_moved_set_TELEGRAM_CHAT_IDS");
    expect(line).toMatchObject({ from: `${old.id}`, to: `${moved.id}` });
  });

  it("is not followed where the bot was not told to work", async () => {
    const here = ann.in(oldElsewhere.migrate(ann));
    const said = here.says(LINE);
    await fence();
    expect(here.chat.messages().filter((message) => message.byBot && message.id > said.id)).toEqual([]);
    expect(bot.lines.filter(({ event }) => event === "group_moved_set_TELEGRAM_CHAT_IDS")).toHaveLength(1);
  });
});

describe("what nobody says in person", () => {
  let calls = 0;
  beforeEach(() => {
    calls = exchange.calls.length;
  });

  it.each<[string, () => number | undefined]>([
    ["an anonymous admin", () => ann.in(deps).saysAnonymously(LINE).updateId],
    ["a person in the name of a channel", () => ann.in(deps).saysAsChannel(LINE, channel).updateId],
    ["another bot", () => otherBot.in(deps).says(LINE).updateId],
    ["a message by way of another bot", () => ann.in(deps).says(LINE, { viaBot: otherBot }).updateId],
    ["a forward", () => ann.in(deps).forwards(ann.in(elsewhere).says(LINE), deps).updateId],
    ["a forward in the private chat", () => ann.forwards(ann.in(elsewhere).says(LINE), ann.chat).updateId],
    ["a message by way of another bot in the private chat", () => ann.says(LINE, { viaBot: otherBot }).updateId],
  ])("starts nothing: %s", async (_name, say) => {
    const [last, lastOfAnn] = [deps.messages().at(-1)?.id ?? 0, ann.chat.messages().at(-1)?.id ?? 0];
    const updateId = say();
    await fence();
    expect(updateId).toBeDefined();
    expect(deps.messages().filter((message) => message.byBot && message.id > last)).toEqual([]);
    const answers = ann.chat.messages().filter((message) => message.byBot && message.id > lastOfAnn);
    expect(answers.map((message) => message.text.split("\n")[0])).toEqual(["What I can do"]);
    expect(exchange.calls).toHaveLength(calls);
  });

  it("starts nothing: a post of the channel that is linked to the group", async () => {
    deps.linkTo(channel);
    const last = deps.messages().at(-1)?.id ?? 0;
    channel.posts(LINE);
    await fence();
    expect(deps.messages().filter((message) => message.id > last)).toMatchObject([{ byBot: false }]);
    expect(channel.messages().filter((message) => message.byBot)).toEqual([]);
    expect(exchange.calls).toHaveLength(calls);
  });

  it("starts nothing: a message that was edited into a command, or an answer that was edited", async () => {
    const harmless = ann.says("/help");
    await asks(ann, "/margin btc", /How much/);
    const fault = ann.says("fifty");
    await ann.chat.waitFor(/such as 50/, { after: fault.id });
    const before = exchange.calls.length;
    ann.edits(harmless, LINE);
    ann.edits(fault, "50");
    await fence();
    expect(exchange.calls).toHaveLength(before);
    expect(deedOf(await cardFor(ann, "6")).text).toBe("Add 6 USDT · BTC long");
  });
});

describe("a message that is read too late", () => {
  it("is answered and not executed", async () => {
    const before = exchange.calls.length;
    const said = ann.says(LINE, { date: minutesAgo(3) });
    const answer = await ann.chat.waitFor(/offline/, { after: said.id });
    expect(answer.text).toMatch(/send it again/);
    await fence();
    expect(exchange.calls).toHaveLength(before);
  });

  it("is no answer to a question either", async () => {
    await asks(ann, "/margin btc", /How much/);
    const late = ann.says("50", { date: minutesAgo(3) });
    await ann.chat.waitFor(/offline/, { after: late.id });
    expect(deedOf(await cardFor(ann, "7")).text).toBe("Add 7 USDT · BTC long");
  });

  it("is executed when it is young enough", async () => {
    const said = ann.says(LINE, { date: minutesAgo(1) });
    expect(deedOf(await cardAfter(ann, said)).text).toBe("Add 50 USDT · BTC long");
  });

  it("is executed when it only stops something", async () => {
    const card = await cardFor(ann, "/margin btc long 8");
    ann.says("/cancel", { date: minutesAgo(3) });
    expect((await closed(ann, card)).text).toMatch(/Cancelled/);
    expect((await confirms(ann, card).answered).text).toMatch(/over/);
    expect(sent()).toHaveLength(1);
  });
});
