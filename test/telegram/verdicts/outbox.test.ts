/** What becomes of verdicts that Telegram does not take. */
import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { termsOf } from "../../../src/margin/model/proposal.ts";
import { createGroups } from "../../../src/telegram/messaging/groups.ts";
import { entry } from "../../audit/book.ts";
import { locationIn, openChat, type TestChat } from "../../support/chat.ts";
import { ANN } from "../../support/people.ts";

const SERVER_ERROR = { kind: "error", code: 500, description: "Internal Server Error" } as const;

/** Ann's private chat, a group, and a proposal whose copies can be refused in either. */
async function open() {
  const world = await openChat();
  const ann = world.telegram.user({ id: 501 });
  ann.says("/start");
  const group = world.telegram.group({ title: "Desk", members: [501, 502] });
  world.chat.groups.ids.add(String(group.id));
  const { proposal } = await world.card();
  return { ...world, ann, group, proposal };
}

/** Settles when the bot has logged this event. */
async function logged(world: TestChat, event: string): Promise<void> {
  await expect.poll(() => world.logged, { timeout: 10_000 }).toContain(event);
}

it("reaches every chat, however many verdicts wait for one that takes none", async () => {
  const world = await open();
  const { telegram, ann, group, refused, proposal } = world;
  telegram.failWhen(({ params }) => (params["chat_id"] === String(group.id) ? SERVER_ERROR : undefined));
  for (let verdicts = 1; verdicts <= 51; verdicts++) await refused(proposal, locationIn(group));
  await refused(proposal, locationIn(ann.chat));
  const outbox = world.outbox();
  outbox.nudge();
  await ann.chat.waitFor(/^Not done/);
  await outbox.stop();
  expect(await world.deps.outbox.pending(100)).toHaveLength(51);
  // Each round tries such a chat once, whatever waits for it.
  const tries = telegram.calls("sendMessage").filter(({ params }) => params["chat_id"] === String(group.id));
  expect(tries.length).toBeLessThan(51);
});

it.each([25, 600, 3600])(
  "leaves a chat alone for the %s seconds that Telegram asks for, and no other",
  async (seconds) => {
    const world = await open();
    const { telegram, ann, group, refused, proposal, clock, chat } = world;
    const inGroup = () => telegram.calls("sendMessage").filter(({ params }) => params["chat_id"] === String(group.id));
    const parameters = { retry_after: seconds };
    const end = telegram.failWhen(({ params }) =>
      params["chat_id"] === String(group.id)
        ? { kind: "error", code: 429, description: `Too Many Requests: retry after ${seconds}`, parameters }
        : undefined,
    );
    const planned: { work: () => void; ms: number }[] = [];
    const outbox = world.outbox((work, ms) => {
      planned.push({ work, ms });
      return () => undefined;
    });
    const events = [await refused(proposal, locationIn(group)), await refused(proposal, locationIn(group))];
    await refused(proposal, locationIn(ann.chat));
    outbox.nudge();
    await ann.chat.waitFor(/^Not done/);
    await expect.poll(() => planned).toMatchObject([{ ms: seconds * 1000 }]);
    expect(world.lines).toContainEqual({ event: "telegram_throttled", chat: String(group.id), seconds });
    end();
    clock.advance(seconds * 1000 - 1);
    await refused(proposal, locationIn(ann.chat));
    outbox.nudge();
    await ann.chat.waitFor(() => ann.chat.messages().filter(({ text }) => text.startsWith("Not done")).length === 2);
    // What a timer does that ends early.
    planned.shift()?.work();
    await expect.poll(() => planned).toMatchObject([{ ms: 1000 }]);
    expect([inGroup().length, await chat.deps.outbox.pending(10)]).toMatchObject([1, events]);
    clock.advance(1);
    planned.shift()?.work();
    const anchors = () => group.messages().flatMap(({ text }) => /#\d+/.exec(text) ?? []);
    await expect.poll(anchors).toEqual(events.map(({ seq }) => `#${seq}`));
  },
);

it("tells each chat its verdicts in their order", async () => {
  const world = await open();
  const { telegram, ann, group, refused, proposal } = world;
  const rows: Record<string, string[]> = { [ann.chat.id]: [], [group.id]: [] };
  for (let times = 1; times <= 12; times++) {
    const { id } = times % 3 === 0 ? ann.chat : group;
    const { seq } = await refused(proposal, locationIn({ id }));
    rows[id]?.push(`#${seq}`);
  }
  telegram.failWhen(({ method }, index) => (method === "sendMessage" && index % 4 === 1 ? SERVER_ERROR : undefined));
  const outbox = world.outbox((work) => {
    setImmediate(work);
    return () => undefined;
  });
  outbox.nudge();
  await expect.poll(() => world.deps.outbox.pending(10)).toEqual([]);
  for (const { id, messages } of [ann.chat, group]) {
    expect(messages().flatMap(({ text }) => /#\d+/.exec(text) ?? [])).toEqual(rows[id]);
  }
});

it("does not hold up the chat in which somebody ended an adjustment of a chat that takes nothing", async () => {
  const world = await open();
  const { telegram, ann, group, refused, proposal } = world;
  telegram.failWhen(({ params }) => (params["chat_id"] === String(group.id) ? SERVER_ERROR : undefined));
  await refused(proposal, locationIn(group), locationIn(ann.chat));
  await refused(proposal, locationIn(ann.chat));
  world.outbox().nudge();
  await ann.chat.waitFor(/^Not done/);
});

it("tells the admins of a verdict whose card cannot be read from its row, and holds up no other", async () => {
  const world = await open();
  const { ann, refused, proposal, deps } = world;
  const terms = termsOf(proposal.adjustment);
  for (const step of ["proposed", "confirmed", "refused"] as const) {
    await deps.events.append({ ...entry("odd", step, ANN, terms), location: locationIn(ann.chat) });
  }
  await refused(proposal, locationIn(ann.chat));
  const outbox = world.outbox();
  outbox.nudge();
  await ann.chat.waitFor(/^Adjustment odd on BTCUSDT ended as refused/);
  await ann.chat.waitFor(/^Not done/);
  await outbox.stop();
  expect(await deps.outbox.pending(10)).toEqual([]);
});

it("tells every verdict once where none of them can be struck out, and strikes them out later", async () => {
  const world = await open();
  const { ann, group, refused, proposal, file } = world;
  const db = new Database(file);
  db.exec(`CREATE TRIGGER full BEFORE DELETE ON untold BEGIN SELECT RAISE(ABORT, 'no room'); END`);
  await refused(proposal, locationIn(group));
  await refused(proposal, locationIn(ann.chat));
  const outbox = world.outbox();
  outbox.nudge();
  await group.waitFor(/^Not done/);
  await ann.chat.waitFor(/^Not done/);
  db.exec("DROP TRIGGER full");
  db.close();
  await outbox.stop();
  expect(await world.deps.outbox.pending(10)).toEqual([]);
  for (const { messages } of [group, ann.chat]) {
    expect(messages().filter(({ text }) => text.startsWith("Not done"))).toHaveLength(1);
  }
});

it.each([
  ["entities", "entities", "Bad Request: can't parse entities"],
  ["the message it replies to", "reply_parameters", "Bad Request: message to be replied not found"],
])("tells a verdict in plain words where Telegram minds %s", async (_, parameter, description) => {
  const world = await open();
  const { telegram, group, refused, proposal, store } = world;
  telegram.failWhen(({ method, params }) =>
    method === "sendMessage" && !["[]", undefined].includes(JSON.stringify(params[parameter]))
      ? { kind: "error", code: 400, description }
      : undefined,
  );
  const event = await refused(proposal, locationIn(group));
  await store.prisma.card.create({
    data: { adjustment: event.adjustment, chat: String(group.id), topic: "", message: "1" },
  });
  const outbox = world.outbox();
  outbox.nudge();
  const delivered = await group.waitFor(/^Not done/);
  expect(delivered.text).toContain(`#${event.seq} ${event.hash.slice(0, 16)}`);
  await outbox.stop();
  expect(await world.deps.outbox.pending(10)).toEqual([]);
  expect(group.messages().filter(({ text }) => text.startsWith("Not done"))).toHaveLength(1);
});

it("follows a group to the id that Telegram names, and a later process begins there", async () => {
  const world = await open();
  const { telegram, chat, refused, proposal, deps, logged } = world;
  const basic = telegram.group({ title: "Old", basic: true, members: [501] });
  const ids = [String(basic.id)];
  chat.groups.ids.add(String(basic.id));
  const desk = basic.migrate(telegram.user({ id: 501 }));
  const events = [await refused(proposal, locationIn(basic)), await refused(proposal, locationIn(basic))];
  world.outbox().nudge();
  const anchors = () => desk.messages().flatMap(({ text = "" }) => /#\d+/.exec(text) ?? []);
  await expect.poll(anchors).toEqual(events.map(({ seq }) => `#${seq}`));
  expect(telegram.calls("sendMessage").map(({ params }) => params["chat_id"])).toEqual(
    [basic, desk, desk].map(({ id }) => String(id)),
  );
  await world.drained();
  expect(logged).toContain("group_moved_set_TELEGRAM_CHAT_IDS");
  const groups = createGroups(ids, { deps, log: chat.log, background: chat.background });
  await groups.load();
  expect([...groups.ids]).toEqual([String(basic.id), String(desk.id)]);
  const others = createGroups(["-1"], { deps, log: chat.log, background: chat.background });
  await others.load();
  expect([...others.ids]).toEqual(["-1"]);
});

it("keeps a verdict that neither its chat nor an admin could hear, until somebody can", async () => {
  const world = await open();
  const { telegram, ann, refused, proposal } = world;
  ann.blocksBot();
  await refused(proposal, locationIn(ann.chat));
  const first = world.outbox();
  first.nudge();
  await logged(world, "verdict_undeliverable");
  await first.stop();
  expect(await world.deps.outbox.pending(10)).toHaveLength(1);
  const bob = telegram.user({ id: 502 });
  bob.says("/start");
  const second = world.outbox();
  second.nudge();
  await bob.chat.waitFor(/^For Ann, who could not be told:\nNot done/);
  await second.stop();
  expect(await world.deps.outbox.pending(10)).toEqual([]);
});

it("reads on soon, and ever more rarely, after a read that failed", async () => {
  const world = await open();
  await world.refused(world.proposal, locationIn(world.ann.chat));
  const db = new Database(world.file);
  db.exec("ALTER TABLE untold RENAME TO untold_away");
  const planned: { work: () => void; ms: number }[] = [];
  const outbox = world.outbox((work, ms) => {
    planned.push({ work, ms });
    return () => undefined;
  });
  outbox.nudge();
  await expect.poll(() => planned).toMatchObject([{ ms: 500 }]);
  planned[0]?.work();
  await expect.poll(() => planned).toMatchObject([{ ms: 500 }, { ms: 1000 }]);
  db.exec("ALTER TABLE untold_away RENAME TO untold");
  db.close();
  planned[1]?.work();
  await world.ann.chat.waitFor(/^Not done/);
});
