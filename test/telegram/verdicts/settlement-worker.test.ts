/** How long people are kept posted on an outcome that nobody knows: on a clock of the test's own. */
import { expect, it, onTestFinished } from "vitest";
import { NOWHERE } from "../../../src/margin/model/audit-event.ts";
import { settleByHand } from "../../../src/margin/reconciliation/settle-manually.ts";
import { createSettlementWorker } from "../../../src/telegram/verdicts/settlement-worker.ts";
import { openChat, type TestChat } from "../../support/chat.ts";
import { sendForVerdict } from "../../support/open-deps.ts";
import { BOB } from "../../support/people.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const BILLS = "/api/v2/mix/account/bill";

/** An unknown outcome whose evidence no machine can judge, and somebody who looks after it. */
async function open() {
  const world = await openChat();
  const { chat, deps, exchange, telegram, clock } = world;
  const bob = telegram.user({ id: 502 });
  bob.says("/start");
  const proposal = await world.confirmed();
  exchange.fail({ path: /set-margin/, how: { kind: "reset" }, when: "before" });
  expect((await sendForVerdict(deps, proposal)).kind).toBe("unknown");
  clock.advance(MINUTE_MS);
  exchange.setMarginOutside("BTCUSDT", "long", "50");
  const planned: { work: () => void; ms: number }[] = [];
  const startWorker = (outbox: { nudge(): void }) => {
    const worker = createSettlementWorker(chat, outbox, (work, ms) => {
      planned.push({ work, ms });
      return () => undefined;
    });
    onTestFinished(worker.stop);
    return worker;
  };
  return {
    bob,
    proposal,
    startWorker,
    ...world,
    planned,
    /** What the bot has said to Bob of it, beside the verdict that nobody in the group could hear. */
    told: () =>
      bob.chat.messages().flatMap(({ text }) => (text.startsWith("Adjustment") ? [text.split("\n", 1)[0]] : [])),
    looks: () => exchange.calls.filter(({ path }) => path === BILLS).length,
    /** Lets so much time pass, and then the look that is due. */
    async pass(ms: number) {
      clock.advance(ms);
      planned.shift()?.work();
      await world.drained();
    },
  };
}

const CALLED = expect.stringMatching(/needs a person: a bill fits, but it was written after our call/);
const pendingNotes = async ({ deps }: TestChat) =>
  (await deps.outbox.pending(10)).filter(({ step }) => step === "note").length;

it("calls a person at once, reminds once after ten minutes, and not before", async () => {
  const world = await open();
  const { told, pass } = world;
  await world.startWorker(world.outbox()).nudge();
  const called = [CALLED];
  await expect.poll(told).toEqual(called);
  await pass(8 * MINUTE_MS);
  expect(told()).toEqual(called);
  await pass(MINUTE_MS);
  const reminded = [...called, expect.stringMatching(/is still not known/)];
  expect(told()).toEqual(reminded);
  await pass(60 * MINUTE_MS);
  expect(told()).toEqual(reminded);
});

it("looks on for a day, rarely in the end, then no more, and locks the symbol all the same", async () => {
  const { looks, pass, planned, deps, chat, startWorker } = await open();
  await startWorker(chat.outbox).nudge();
  expect(planned).toMatchObject([{ ms: 20_000 }]);
  await pass(DAY_MS - 2 * MINUTE_MS);
  expect(looks()).toBe(2);
  expect(planned).toMatchObject([{ ms: 5 * MINUTE_MS }]);
  await pass(5 * MINUTE_MS);
  expect(looks()).toBe(3);
  expect(planned).toEqual([]);
  expect(await deps.projections.currentlyAt(["unknown"])).toHaveLength(1);
});

it("calls a person until one was reached, and writes the call once, whatever ends in between", async () => {
  const world = await open();
  const { told, telegram, startWorker, chat, logged } = world;
  telegram.fail("sendMessage", { kind: "error", code: 500, description: "Internal Server Error" }, 4);
  await startWorker(chat.outbox).nudge();
  // The process ends here: nobody was told. The next one finds the same.
  expect([told(), await pendingNotes(world)]).toEqual([[], 1]);
  const outbox = world.outbox();
  await startWorker(outbox).nudge();
  await expect.poll(told).toContainEqual(CALLED);
  await expect.poll(() => pendingNotes(world)).toBe(0);
  expect(logged).toContain("verdict_not_told");
  expect(told().filter((text) => text?.includes("needs a person"))).toHaveLength(1);
  expect(world.steps().filter((step) => step === "note")).toHaveLength(1);
});

it("calls whoever can be reached while somebody else is throttled, and that one later", async () => {
  const world = await open();
  const { told, telegram, startWorker } = world;
  const ann = telegram.user({ id: 501 });
  ann.says("/start");
  const description = "Too Many Requests: retry after 3600";
  const end = telegram.failWhen(({ params }) =>
    params["chat_id"] === "501"
      ? { kind: "error", code: 429, description, parameters: { retry_after: 3600 } }
      : undefined,
  );
  const retries: { work: () => void; ms: number }[] = [];
  const outbox = world.outbox((work, ms) => {
    retries.push({ work, ms });
    return () => undefined;
  });
  await startWorker(outbox).nudge();
  await expect.poll(told).toContainEqual(CALLED);
  await expect.poll(() => retries.map(({ ms }) => ms)).toContain(3_600_000);
  end();
  world.clock.advance(3_600_000);
  for (const { work } of retries.splice(0)) work();
  await ann.chat.waitFor(/needs a person/);
  await expect.poll(() => pendingNotes(world)).toBe(0);
  expect(told().filter((text) => text?.includes("needs a person"))).toHaveLength(1);
});

it("tells the asker in private what a group did not take, and where", async () => {
  const world = await open();
  const { chat, telegram, proposal, startWorker } = world;
  const ann = telegram.user({ id: 501 });
  ann.says("/start");
  chat.groups.ids.add(proposal.location.chat);
  await startWorker(world.outbox()).nudge();
  const { text } = await ann.chat.waitFor(/needs a person/);
  expect(text).toContain(
    `I could not say this where you asked, in chat ${proposal.location.chat}, topic 7: chat not found.`,
  );
});

it("calls nobody for what was settled before the call went out", async () => {
  const world = await open();
  const { chat, deps, clock, proposal, startWorker, told } = world;
  await startWorker(chat.outbox).nudge();
  clock.advance(10 * MINUTE_MS);
  const { id } = proposal.adjustment;
  const settled = await settleByHand(deps, { id, outcome: "applied", reason: "seen", by: BOB, location: NOWHERE });
  expect(settled.kind).toBe("settled");
  world.outbox().nudge();
  await expect.poll(() => deps.outbox.pending(10)).toEqual([]);
  expect(told().filter((text) => text?.includes("needs a person"))).toEqual([]);
});
