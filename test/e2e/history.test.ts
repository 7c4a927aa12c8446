/** One's own adjustments: paged, filtered and opened in one message that is edited. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { MessageView } from "../../src/playground/state/view.ts";
import { asks, cancelOf, cardFor, closed, confirms, type Speaker, verdictOn } from "../support/talk.ts";
import { openWorld, SET_MARGIN } from "../support/world.ts";

const { ann, bob, exchange, telegram, start, sent, close } = await openWorld({ budgets: false });
const deps = telegram.group({ title: "Desk", members: [501, 502] });
beforeAll(() => start({ TELEGRAM_CHAT_IDS: `${deps.id}` }));
afterAll(close);

const LIST = /^Your last adjustments|^You have not adjusted/;
const rows = (list: MessageView) => list.text.split("\n").slice(1);
const labels = (list: MessageView) => list.buttons.flat().map(({ text }) => text);

/** Presses a button of the list and gives the list as it is then. */
async function turns(speaker: Speaker, list: MessageView, button: string): Promise<MessageView> {
  const before = speaker.chat.messages().find(({ id }) => id === list.id);
  speaker.presses(button, { message: list });
  return speaker.chat.waitFor(({ id, text }) => id === list.id && text !== before?.text);
}

async function deed(speaker: Speaker, line: string): Promise<void> {
  const card = await cardFor(speaker, line);
  confirms(speaker, card);
  await verdictOn(speaker, card, /^Done/);
}

it("says so when there is nothing yet", async () => {
  expect((await asks(bob, "/history", LIST)).text).toBe("You have not adjusted anything yet.");
});

it("shows one's own adjustments in pages, newest first, in the same message", async () => {
  for (let amount = 1; amount <= 10; amount++) await deed(ann, `/margin btc long ${amount}`);
  await deed(bob, "/margin sol long 3");
  const list = await asks(ann, "/history", LIST);
  expect(rows(list)).toHaveLength(8);
  expect(rows(list)[0]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d UTC · BTCUSDT long \+10 USDT · done · #\d+ [0-9a-f]{16}$/);
  expect(labels(list)).not.toContain("Newer");
  const older = await turns(ann, list, "Older");
  expect(older.text).toMatch(/page 2\n.* \+2 USDT · done .*\n.* \+1 USDT · done /);
  expect(rows(older)).toHaveLength(2);
  expect(labels(older)).not.toContain("Older");
  expect((await turns(ann, list, "Newer")).text).toBe(list.text);
});

it("shows only what came to one end", async () => {
  const card = await cardFor(ann, "/margin eth long 4");
  ann.pressesData(card, cancelOf(card));
  await closed(ann, card);
  const list = await asks(ann, "/history", LIST);
  expect(rows(list)[0]).toMatch(/ETHUSDT long \+4 USDT · cancelled/);
  const not = await turns(ann, list, "Not done");
  expect(rows(not)).toHaveLength(1);
  expect(not.text).toMatch(/cancelled/);
  expect((await turns(ann, list, "Done")).text).not.toMatch(/cancelled/);
  expect((await turns(ann, list, "Not known")).text).toBe("No adjustment of yours is here: Not known.");
  expect((await turns(ann, list, "All")).text).toBe(list.text);
});

it("opens one with every step, what was shown and what was sent, and goes back", async () => {
  await deed(ann, "/margin sol short 6");
  const list = await asks(ann, "/history", LIST);
  const [number = ""] = labels(list);
  const entry = await turns(ann, list, number);
  expect(entry.text).toMatch(/^SOLUSDT short \+6 USDT · done\nAdjustment \w{10} · /);
  expect(entry.text).toMatch(/ · proposed · Ann · #\d+ [0-9a-f]{16}\nShown:\nAdd 6 USDT · SOL short\n/);
  expect(entry.text).toMatch(/ · confirmed · Ann .*\n.* · sending · bot /);
  expect(entry.text).toContain(`Sent to Bitget:\n${sent().at(-1)}\n`);
  expect(entry.text).toMatch(/ · accepted( \(\d+\))? · bot · /);
  expect((await turns(ann, list, "Back to the list")).text).toBe(list.text);
});

it("says in an opened one why nothing was changed, as the verdict did", async () => {
  exchange.fail({
    path: SET_MARGIN,
    how: { kind: "code", code: "40799", msg: "too small" },
  });
  const card = await cardFor(ann, "/margin sol short 8");
  confirms(ann, card);
  const verdict = await verdictOn(ann, card, /^Not done/);
  const [, why = ""] = verdict.text.split("\n");
  const list = await asks(ann, "/history", LIST);
  expect((await turns(ann, list, labels(list)[0] ?? "")).text).toContain("(40799) · bot");
  expect(ann.chat.messages().find(({ id }) => id === list.id)?.text).toContain(why);
});

it("turns no page of somebody else's list, and opens nothing that is somebody else's", async () => {
  const [annHere, bobHere] = [ann.in(deps), bob.in(deps)];
  const list = await asks(annHere, "/history", LIST);
  const [number = ""] = labels(list);
  expect((await bobHere.presses(number, { message: list }).answered).text).toMatch(/somebody else's/);
  expect((await bobHere.presses("Done", { message: list }).answered).text).toMatch(/somebody else's/);
  const data = list.buttons.flat()[0]?.data ?? "";
  const own = await asks(bobHere, "/history", LIST);
  await bobHere.pressesData(own, data.replace(":501:", ":502:")).answered;
  const answer = await deps.waitFor(({ id, text }) => id === own.id && text !== own.text);
  expect(answer.text).toBe("There is no such adjustment.");
});
