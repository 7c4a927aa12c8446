/** What passes every queue, however much hangs or floods: what stops something, and presses of cards. */
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { Hold } from "../../src/paper/faults/holds.ts";
import type { MessageView } from "../../src/playground/state/view.ts";
import type { Running } from "../support/process.ts";
import { adjustmentNamed, asks, cardAfter, cardFor, closed, confirms, deedOf, verdictOn } from "../support/talk.ts";
import { createWorld, openWorld, SET_MARGIN } from "../support/world.ts";

const { ann, bob, exchange, telegram, rows, start, close } = await openWorld({ budgets: false });
let bot: Running;
beforeAll(async () => {
  // Longer than a test: whatever hangs here hangs until the test lets it go.
  bot = await start({ BITGET_TIMEOUT_MS: "60000", CONFIRM_TTL_S: "600" });
});
afterAll(close);

const FLOOD = 60;
/** What of a flood is handled: one that is under way, and eight that wait. */
const TAKEN = 9;
const BUSY = /8 messages of yours wait already/;
const LIST = /^Positions, nearest to liquidation first/;

/** Every read of Bitget hangs from now on. */
function hang(path = /^\/api\/v2\/mix\//): Hold {
  const hold = exchange.hold({ path, method: "GET", every: true });
  onTestFinished(hold.release);
  return hold;
}

const answersTo = (said: { id: number }, chat = bob.chat): readonly MessageView[] =>
  chat.messages().filter((message) => message.byBot && message.id > said.id);

interface Flood {
  /** What the bot has said to it until now, of this kind. */
  answers(kind: RegExp): readonly MessageView[];
  /** The colleague gives up what waits; what hangs ends. */
  recede(): Promise<void>;
  /** Lets what hangs go, once the bot has read all of the flood, and waits until what was taken of it was handled. */
  ebb(): Promise<void>;
}

/** A colleague asks for the positions again and again, while they cannot be read. */
async function flood(hold: Hold): Promise<Flood> {
  const first = bob.says("/positions");
  for (let times = 1; times < FLOOD; times++) bob.says("/positions");
  await hold.reached;
  const answers = (kind: RegExp) => answersTo(first).filter(({ text }) => kind.test(text));
  return {
    answers,
    async recede() {
      await asks(bob, "/cancel", /8 messages that waited are dropped/);
      hold.release();
      await bob.chat.waitFor(() => answers(LIST).length === 1);
    },
    async ebb() {
      await asks(ann, "/help", /What I can do/);
      hold.release();
      await bob.chat.waitFor(() => answers(LIST).length === TAKEN);
    },
  };
}

/** Resolves when the bot has done with a message that was called off. */
async function ended({ updateId }: { updateId: number | undefined }): Promise<void> {
  for (let time = 1; ; time++) {
    if ((await bot.logged("update_called_off", time))["update"] === updateId) return;
  }
}

describe("while Bitget hangs and a colleague floods", () => {
  it.each([
    ["/freeze", 1],
    ["/Freeze@MARGIN_bot", 2],
  ])("%s freezes, although one's own line hangs, too", async (typed, times) => {
    const hold = hang();
    ann.says("/margin btc long 4");
    await hold.reached;
    const bobs = await flood(hold);
    const said = ann.says(typed);
    expect((await ann.chat.waitFor(/^Frozen by Ann/, { after: said.id })).replyTo).toBe(said.id);
    expect(await (await fetch(`${(await bot.ready).http}/readyz`)).text()).toContain("frozen: asked");
    expect(bobs.answers(LIST)).toEqual([]);
    await bobs.recede();
    await asks(ann, "/unfreeze", /let go of the brake/);
    expect(rows().filter(({ step }) => step === "frozen")).toHaveLength(times);
  });

  it("a press of a card confirms it", async () => {
    const card = await cardFor(ann, "/margin btc long 5");
    const bobs = await flood(hang());
    expect((await confirms(ann, card).answered).text).toMatch(/^Confirmed/);
    expect(rows().at(-1)).toMatchObject({ step: "confirmed", actor: "501" });
    await bobs.recede();
    expect((await verdictOn(ann, card)).text).toMatch(/^Done/);
  });

  it("a press behind one's own flood cancels the card", async () => {
    const card = await cardFor(bob, "/margin btc long 6");
    const bobs = await flood(hang());
    expect((await bob.presses("Cancel", { message: card }).answered).text).toMatch(/^Cancelled/);
    await bobs.recede();
    expect((await closed(bob, card)).text).toMatch(/Cancelled/);
  });
});

describe("one person's queue", () => {
  it("is bounded: what is over gets one short answer, and what waits is done", async () => {
    const bobs = await flood(hang());
    await bobs.ebb();
    await asks(bob, "/help", /What I can do/);
    expect(bobs.answers(LIST)).toHaveLength(TAKEN);
    expect(bobs.answers(BUSY)).toHaveLength(1);
  });

  it("holds up nobody else", async () => {
    const bobs = await flood(hang());
    expect((await asks(ann, "/history", /adjust/i)).byBot).toBe(true);
    expect(bobs.answers(LIST)).toEqual([]);
    await bobs.recede();
  });
});

describe("/cancel passes what its own person has sent", () => {
  it.each([/^\/api\/v2\/mix\//, /single-position/])("a line that hangs at %s leads to no card", async (path) => {
    const hold = hang(path);
    const said = ann.says("/margin btc long 50");
    await hold.reached;
    await asks(ann, "/CANCEL", /^Cancelled/);
    hold.release();
    await ended(said);
    expect(answersTo(said, ann.chat).map(({ text }) => text)).toEqual([expect.stringMatching(/^Cancelled/)]);
    expect(rows().at(-1)).toMatchObject({ step: "refused", code: "called_off", actor: "501" });
  });

  it("a /margin that hangs asks nothing any more", async () => {
    const hold = hang();
    const said = ann.says("/margin");
    await hold.reached;
    await asks(ann, "/cancel", /^Cancelled/);
    hold.release();
    await ended(said);
    expect((await asks(ann, "50", /Nothing is being asked/)).byBot).toBe(true);
    expect(answersTo(said, ann.chat).filter(({ buttons }) => buttons.length > 0)).toEqual([]);
  });

  it("a question that hangs does not ask the next one", async () => {
    const question = await asks(ann, "/margin", /Which position/);
    const hold = hang();
    const press = ann.presses(/^BTC long/, { message: question });
    await hold.reached;
    const cancel = ann.says("/cancel");
    await ann.chat.waitFor(/^Cancelled/, { after: cancel.id });
    hold.release();
    await ended(press);
    expect(answersTo(cancel, ann.chat)).toHaveLength(1);
  });

  it("an amount that hangs leads to no card, and spoils no later question", async () => {
    await asks(ann, "/margin btc", /How much/);
    const hold = hang(/single-position/);
    const typed = ann.says("50");
    await hold.reached;
    await asks(ann, "/cancel", /^Cancelled/);
    const question = await asks(ann, "/margin", /Which position/);
    hold.release();
    await ended(typed);
    ann.presses(/^BTC long/, { message: question });
    await ann.chat.waitFor(/How much/, { after: question.id });
    const answer = ann.says("7");
    expect(deedOf(await cardAfter(ann, answer)).text).toBe("Add 7 USDT · BTC long");
    const buttons = answersTo(typed, ann.chat).flatMap((message) => message.buttons.flat());
    expect(buttons.filter(({ text }) => text === "Add 50 USDT · BTC long")).toEqual([]);
  });

  it("what waits behind it is dropped, and the answer says so", async () => {
    const hold = hang();
    const said = ann.says("/positions");
    await hold.reached;
    ann.says("/margin btc long 51");
    ann.says("/margin btc long 52");
    expect((await asks(ann, "/cancel", /^Cancelled/)).text).toMatch(/2 messages/);
    hold.release();
    await ended(said);
    await asks(ann, "/help", /What I can do/);
    const answers = answersTo(said, ann.chat).map(({ text }) => text.split("\n")[0]);
    expect(answers).toEqual([expect.stringMatching(/^Cancelled/), expect.stringMatching(LIST), "What I can do"]);
  });
});

it("/cancel stops a /settle that hangs in its look at the evidence", async () => {
  exchange.fail({ path: SET_MARGIN, how: { kind: "reset" } });
  const hold = hang(/account\/bill/);
  const card = await cardFor(ann, "/margin sol long 5");
  confirms(ann, card);
  const id = adjustmentNamed((await verdictOn(ann, card, /^Not known yet/)).text);
  const said = ann.says(`/settle ${id} applied seen in the app`);
  await asks(ann, "/cancel", /^Cancelled/);
  hold.release();
  await ended(said);
  const answers = answersTo(said, ann.chat).map(({ text }) => text);
  const evidence = /^Add 5 USDT · SOL long · sent/;
  expect(answers).toEqual([expect.stringMatching(/^Cancelled/), expect.stringMatching(evidence)]);
});

describe("strangers", () => {
  const crowd = (from: number) =>
    Array.from({ length: 12 }, (_, index) => {
      const stranger = telegram.user({ id: from + index });
      return Array.from({ length: 5 }, () => stranger.says("/margin btc long 50"));
    });

  it("hold up nobody while Telegram does not answer", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const end = telegram.failWhen(({ method, params }) =>
      method === "sendMessage" && Number(params["chat_id"]) >= 1000 ? { kind: "hold", until: promise } : undefined,
    );
    crowd(1000);
    await cardFor(ann, "/margin btc long 9");
    await asks(ann, "/freeze", /^Frozen by Ann/);
    await asks(ann, "/unfreeze", /let go of the brake/);
    end();
    resolve();
    expect((await telegram.user({ id: 1000 }).chat.waitFor(/Your id is 1000/)).text).toMatch(/members only/);
  });

  it("hold up nobody while Telegram throttles the answers to them", async () => {
    const isToThem = (chat: unknown) => Number(chat) >= 900 && Number(chat) < 1000;
    const throttled = { code: 429, description: "Too Many Requests: retry after 25", parameters: { retry_after: 25 } };
    const end = telegram.failWhen(({ method, params }) =>
      method === "sendMessage" && isToThem(params["chat_id"]) ? { kind: "error", ...throttled } : undefined,
    );
    crowd(900);
    await cardFor(ann, "/margin btc long 8");
    await asks(ann, "/freeze", /^Frozen by Ann/);
    await asks(ann, "/unfreeze", /let go of the brake/);
    end();
    const refused = rows().filter(({ actor, step }) => step === "refused" && isToThem(actor));
    expect(refused).toHaveLength(60);
  });
});

it("waits as Telegram asks where it lets one message a second pass, and tells what became of the money", async () => {
  const world = await createWorld({ budgets: false });
  await world.start();
  world.telegram.floodLimits(true);
  for (let times = 0; times < 4; times++) world.ann.says("/help");
  const card = await cardFor(world.ann, "/margin btc long 50");
  confirms(world.ann, card);
  expect((await verdictOn(world.ann, card)).text).toMatch(/^Done/);
  expect(world.telegram.calls().some(({ description }) => /retry after \d/.test(description ?? ""))).toBe(true);
  expect(world.sent()).toHaveLength(1);
  expect(world.ann.chat.messages().filter(({ byBot, text }) => byBot && /What I can do/.test(text))).toHaveLength(4);
});
