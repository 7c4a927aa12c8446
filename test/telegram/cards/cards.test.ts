/** Cards whose edits overtake each other, or that were replaced before Telegram said where they are. */
import { expect, it } from "vitest";
import { plainAmount } from "../../../src/margin/input/expression.ts";
import { confirm } from "../../../src/margin/lifecycle/confirm.ts";
import { send } from "../../../src/margin/lifecycle/send.ts";
import { decimal } from "../../../src/margin/model/decimal.ts";
import { closeCard, offer } from "../../../src/telegram/cards/cards.ts";
import { locationIn, openChat } from "../../support/chat.ts";
import { pressOf } from "../../support/open-deps.ts";
import { ANN, position } from "../../support/people.ts";
import { called } from "../../support/talk.ts";

async function open() {
  const world = await openChat();
  const group = world.telegram.group({ title: "Desk", members: [501, 502] });
  world.chat.groups.ids.add(String(group.id));
  const request = { position: position(), askedBy: ANN, location: locationIn(group) } as const;
  return {
    ...world,
    group,
    async offered(amount: string) {
      const proposed = await offer(world.chat, { ...request, expression: plainAmount("add", decimal(amount)) });
      if (proposed.kind !== "proposed") throw new Error(`no card: ${proposed.kind}`);
      return proposed;
    },
  };
}

it("shows in the end where its adjustment stands, however late an earlier edit gets through", async () => {
  const { chat, deps, telegram, group, offered } = await open();
  const card = await offered("50");
  const { id } = card.proposal.adjustment;
  expect((await confirm(deps, pressOf(card))).kind).toBe("won");
  const edited = called(telegram, ({ method }) => method === "editMessageText");
  telegram.fail("editMessageText", { kind: "error", code: 500, description: "Internal Server Error" });
  const early = closeCard(chat, id);
  await edited;
  expect((await send(deps, card.proposal)).step).toBe("accepted");
  const late = [closeCard(chat, id), closeCard(chat, id)];
  await Promise.all([early, ...late]);
  const [message] = group.messages();
  const last = (await deps.events.of(id)).at(-1);
  expect(message?.text).toBe(chat.words.closedCard(card.proposal, "accepted", ANN).text);
  expect(last?.step).toBe("accepted");
  // The two that came while the first was under way were one.
  const texts = telegram.calls("editMessageText").map(({ params }) => params["text"]);
  expect(texts.filter((text) => text === message?.text)).toHaveLength(1);
});

it("loses its buttons where it was replaced before Telegram had answered", async () => {
  const { telegram, group, offered } = await open();
  const { promise, resolve } = Promise.withResolvers<void>();
  const posted = called(telegram, ({ method }) => method === "sendMessage");
  telegram.fail("sendMessage", { kind: "hold", until: promise });
  const first = offered("50");
  await posted;
  await offered("60");
  resolve();
  await first;
  expect(group.messages().map(({ buttons }) => buttons.length > 0)).toEqual([false, true]);
});
