import { describe, expect, it } from "vitest";
import { plainAmount } from "../../../src/margin/input/expression.ts";
import { cancel, cancelAll, confirm, type Press } from "../../../src/margin/lifecycle/confirm.ts";
import { expireCards } from "../../../src/margin/lifecycle/expire.ts";
import { propose } from "../../../src/margin/lifecycle/propose.ts";
import { decimal } from "../../../src/margin/model/decimal.ts";
import { termsOf } from "../../../src/margin/model/proposal.ts";
import { type Card, openDeps, pressOf, type TestDeps, WORDING } from "../../support/open-deps.ts";
import { ANN, BOB, EVE, GROUP, position } from "../../support/people.ts";

const LAST_MOMENT_MS = 59_999;
const TTL_MS = 60_000;

describe("a confirmation", () => {
  it("by who asked, where it was shown, in time, is written down and sends nothing", async () => {
    const { deps, card, steps, sent } = await openDeps();
    const shown = await card();
    const pressed = await confirm(deps, pressOf(shown));
    expect(pressed).toMatchObject({ kind: "won", proposal: shown.proposal, event: { step: "confirmed", actor: ANN } });
    expect(steps()).toEqual(["proposed", "confirmed"]);
    expect(sent()).toEqual([]);
  });

  it("that comes second loses, and learns who was first", async () => {
    const { deps, card, steps } = await openDeps();
    const shown = await card();
    await confirm(deps, pressOf(shown));
    expect(await confirm(deps, pressOf(shown))).toEqual({ kind: "over", step: "confirmed", by: ANN });
    expect(steps()).toEqual(["proposed", "confirmed"]);
  });

  it("wins once when twenty arrive together", async () => {
    const { deps, card, steps } = await openDeps();
    const shown = await card();
    const pressed = await Promise.all(Array.from({ length: 20 }, () => confirm(deps, pressOf(shown))));
    expect(pressed.filter(({ kind }) => kind === "won")).toHaveLength(1);
    expect(pressed.filter(({ kind }) => kind === "over")).toHaveLength(19);
    expect(steps()).toEqual(["proposed", "confirmed"]);
  });

  it("and a cancellation that arrive together have one winner", async () => {
    const { deps, card, steps } = await openDeps();
    const shown = await card();
    const pressed = await Promise.all([confirm(deps, pressOf(shown)), cancel(deps, pressOf(shown))]);
    expect(pressed.map(({ kind }) => kind).toSorted()).toEqual(["over", "won"]);
    expect(steps()).toHaveLength(2);
  });

  it("is good until the last millisecond", async () => {
    const { deps, card, clock } = await openDeps();
    const shown = await card();
    clock.advance(LAST_MOMENT_MS);
    expect((await confirm(deps, pressOf(shown))).kind).toBe("won");
  });

  it("of an expired card is refused from that millisecond on, and the expiry is the bot's own step", async () => {
    const { deps, card, clock, steps } = await openDeps();
    const shown = await card();
    clock.advance(TTL_MS);
    expect(await confirm(deps, pressOf(shown))).toEqual({ kind: "expired", proposal: shown.proposal });
    expect(steps()).toEqual(["proposed", "expired"]);
    expect(await confirm(deps, pressOf(shown))).toMatchObject({ kind: "over", step: "expired", by: { id: "bot" } });
  });

  it("of an expired card that somebody approved is refused, too", async () => {
    const { deps, card, clock, steps } = await openDeps();
    const shown = await card();
    const { adjustment } = shown.proposal;
    const approval = {
      adjustment: adjustment.id,
      step: "approved",
      actor: BOB,
      location: GROUP,
      code: "",
      detail: {},
    } as const;
    await deps.events.append({ ...approval, terms: termsOf(adjustment) });
    clock.advance(TTL_MS);
    expect((await confirm(deps, pressOf(shown))).kind).toBe("expired");
    expect(steps()).toEqual(["proposed", "approved", "expired"]);
  });

  it("cannot come any more once the process is going down", async () => {
    const { deps, card, close, steps } = await openDeps();
    const shown = await card();
    close();
    expect(await confirm(deps, pressOf(shown))).toEqual({ kind: "closing" });
    expect(steps()).toEqual(["proposed"]);
  });
});

describe("a press that is not genuine changes nothing", () => {
  const forged: readonly [string, (shown: Card) => Press, string][] = [
    ["has a wrong nonce", (shown) => pressOf(shown, { nonce: "nonce-0" }), "no_card"],
    ["has no nonce", (shown) => pressOf(shown, { nonce: "" }), "no_card"],
    ["has the stored hash for a nonce", (shown) => pressOf(shown, { nonce: shown.proposal.nonceHash }), "no_card"],
    ["comes from another chat", (shown) => pressOf(shown, { location: { ...GROUP, chat: "501" } }), "no_card"],
    ["comes from another topic", (shown) => pressOf(shown, { location: { ...GROUP, topic: "8" } }), "no_card"],
    ["comes from no topic", (shown) => pressOf(shown, { location: { ...GROUP, topic: "" } }), "no_card"],
    ["names no card", (shown) => pressOf(shown, { adjustment: "nothing" }), "no_card"],
    ["names the rows of no adjustment", (shown) => pressOf(shown, { adjustment: "" }), "no_card"],
    ["comes from a stranger", (shown) => pressOf(shown, { by: EVE }), "no_card"],
  ];

  it.each(forged)("when it %s", async (_, press, kind) => {
    const { deps, card, steps } = await openDeps();
    const shown = await card();
    expect((await confirm(deps, press(shown))).kind).toBe(kind);
    expect((await cancel(deps, press(shown))).kind).toBe(kind);
    expect(steps()).toEqual(["proposed"]);
  });

  it("when another trader confirms what Ann asked for", async () => {
    const { deps, card, steps } = await openDeps();
    const shown = await card();
    expect(await confirm(deps, pressOf(shown, { by: BOB }))).toEqual({ kind: "not_yours", asker: ANN });
    expect(steps()).toEqual(["proposed"]);
  });

  it("when who asked is no member any more", async () => {
    const { deps, card, members, steps } = await openDeps();
    const shown = await card();
    members.delete(ANN.id);
    expect((await confirm(deps, pressOf(shown))).kind).toBe("no_card");
    expect(steps()).toEqual(["proposed"]);
  });

  it("when the nonce is that of another card", async () => {
    const { deps, card, steps } = await openDeps();
    const [one, other] = [await card(), await card({ position: position("SOLUSDT") })];
    expect((await confirm(deps, pressOf(one, { nonce: other.nonce }))).kind).toBe("no_card");
    expect(steps()).toEqual(["proposed", "proposed"]);
  });
});

describe("a cancellation", () => {
  it("is for who asked and for admins, also while the process is going down", async () => {
    const { deps, card, close, steps } = await openDeps();
    const [own, admins] = [await card(), await card({ position: position("SOLUSDT") })];
    close();
    expect((await cancel(deps, pressOf(own))).kind).toBe("won");
    expect(await cancel(deps, pressOf(admins, { by: BOB }))).toMatchObject({ kind: "won", event: { actor: BOB } });
    expect(steps()).toEqual(["proposed", "proposed", "cancelled", "cancelled"]);
  });

  it("of a card that was confirmed comes too late", async () => {
    const { deps, card, steps } = await openDeps();
    const shown = await card();
    await confirm(deps, pressOf(shown));
    expect(await cancel(deps, pressOf(shown))).toMatchObject({ kind: "over", step: "confirmed" });
    expect(steps()).toEqual(["proposed", "confirmed"]);
  });

  it("of all takes a person's open cards of this chat and topic, and nobody else's", async () => {
    const { deps, card } = await openDeps();
    const [one, two] = [await card(), await card({ position: position("SOLUSDT") })];
    const elsewhere = await card({ position: position("ETHUSDT"), location: { ...GROUP, topic: "8" } });
    const bobs = await card({ askedBy: BOB });
    const rows = await cancelAll(deps, ANN, GROUP);
    expect(rows.map(({ adjustment, step }) => [adjustment, step])).toEqual(
      [one, two].map(({ proposal }) => [proposal.adjustment.id, "cancelled"]),
    );
    for (const { proposal } of [elsewhere, bobs]) {
      expect(await deps.events.of(proposal.adjustment.id)).toHaveLength(1);
    }
    expect(await cancelAll(deps, ANN, GROUP)).toEqual([]);
  });
});

describe("cards whose time is over", () => {
  const open = async ({ card }: TestDeps) => [await card(), await card({ position: position("SOLUSDT") })] as const;

  it("expire once, at their own moment, and not when they were confirmed before", async () => {
    const all = await openDeps();
    const { deps, clock, steps } = all;
    const [first, second] = await open(all);
    await confirm(deps, pressOf(second));
    clock.advance(LAST_MOMENT_MS);
    expect(await expireCards(deps)).toEqual([]);
    clock.advance(1);
    expect((await expireCards(deps)).map(({ adjustment }) => adjustment)).toEqual([first.proposal.adjustment.id]);
    expect(await expireCards(deps)).toEqual([]);
    expect(steps()).toEqual(["proposed", "proposed", "confirmed", "expired"]);
  });

  it("are written down by the bot, in the chat where they were shown", async () => {
    const all = await openDeps();
    await open(all);
    all.clock.advance(TTL_MS);
    const rows = await expireCards(all.deps);
    expect(rows).toHaveLength(2);
    for (const row of rows) expect(row).toMatchObject({ step: "expired", actor: { id: "bot" }, location: GROUP });
  });
});

describe("the card of another account", () => {
  it("cannot be confirmed, and expires as any other", async () => {
    const { elsewhere, card, clock, steps } = await openDeps();
    const given = await card();
    expect(await confirm(elsewhere, pressOf(given))).toEqual({ kind: "other_account" });
    expect(steps()).toEqual(["proposed"]);
    clock.advance(60_000);
    expect(await confirm(elsewhere, pressOf(given))).toMatchObject({ kind: "expired" });
    expect(steps()).toEqual(["proposed", "expired"]);
    expect(await confirm(elsewhere, pressOf(given))).toMatchObject({ kind: "over", step: "expired" });
  });

  it("expires by itself, and may be cancelled", async () => {
    const { elsewhere, card, clock, steps } = await openDeps();
    const [first, second] = [await card(), await card({ position: position("ETHUSDT", "long") })];
    expect(await cancel(elsewhere, pressOf(first))).toMatchObject({ kind: "won" });
    clock.advance(60_000);
    expect(await expireCards(elsewhere)).toMatchObject([{ adjustment: second.proposal.adjustment.id }]);
    expect(steps()).toEqual(["proposed", "proposed", "cancelled", "expired"]);
  });

  it("is looked at by nobody: no position of it is read or proposed", async () => {
    const { elsewhere, exchange } = await openDeps();
    const expression = plainAmount("add", decimal("5"));
    const request = { position: position(), expression, askedBy: ANN, location: GROUP };
    const proposed = await propose(elsewhere, request, WORDING);
    expect(proposed).toMatchObject({ kind: "refused", refusal: { code: "other_account" } });
    expect(exchange.calls).toEqual([]);
  });
});
