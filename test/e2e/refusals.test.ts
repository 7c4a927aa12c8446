/** What Telegram refuses: a text reaches its people all the same, plainer, or somewhere else. */
import { expect, it } from "vitest";
import type { Call } from "../../src/playground/state/call-log.ts";
import { asks, cardFor, closed, confirms, deedOf, verdictOn } from "../support/talk.ts";
import { createWorld, SET_MARGIN } from "../support/world.ts";

const kindsIn = ({ params }: Call) => ((params["entities"] ?? []) as { type: string }[]).map(({ type }) => type);

it.each<[string, string, (call: Call) => boolean]>([
  [
    "has no times in its texts",
    "Bad Request: can't parse MessageEntity: Unsupported type specified",
    (call) => kindsIn(call).includes("date_time"),
  ],
  ["minds every entity", "Bad Request: ENTITY_BOUNDS_INVALID", (call) => kindsIn(call).length > 0],
])("asks, shows its card with the buttons, and tells, where Telegram %s", async (_, description, minds) => {
  const { ann, telegram, start } = await createWorld();
  telegram.failWhen((call) => (minds(call) ? { kind: "error", code: 400, description } : undefined));
  await start();
  const question = await asks(ann, "/margin", /Which position/);
  expect(question.buttons.flat().length).toBeGreaterThan(1);
  await asks(ann, "/cancel", /./);
  const card = await cardFor(ann, "/margin btc long 50");
  expect(deedOf(card).text).toBe("Add 50 USDT · BTC long");
  confirms(ann, card);
  expect((await verdictOn(ann, card)).text).toMatch(/^Done/);
  expect((await closed(ann, card)).text).toMatch(/Done|Sent|Confirmed/);
});

it("sends a verdict without its buttons only where Telegram minds the buttons", async () => {
  const { ann, telegram, start } = await createWorld();
  await start();
  const card = await cardFor(ann, "/margin btc long 50");
  const isVerdict = ({ method, params }: Call) => method === "sendMessage" && String(params["text"]).startsWith("Done");
  telegram.failWhen((call) =>
    isVerdict(call) && call.params["reply_markup"] !== undefined
      ? { kind: "error", code: 400, description: "Bad Request: BUTTON_DATA_INVALID" }
      : undefined,
  );
  confirms(ann, card);
  const verdict = await verdictOn(ann, card);
  expect(verdict.buttons).toEqual([]);
  expect(verdict.entities?.map(({ type }) => type)).toContain("bold");
});

it.each(["kicked", "in a closed topic"])("tells a verdict to its asker in private where the bot is %s", async (why) => {
  const { ann, bob, telegram, exchange, start } = await createWorld();
  const desk = telegram.group({ title: "Desk", members: [501, 502], topics: ["Morning"] });
  await start({ TELEGRAM_CHAT_IDS: String(desk.id) });
  for (const person of [ann, bob]) await asks(person, "/start", /^Hello/);
  const here = ann.in(desk, "Morning");
  const card = await cardFor(here, "/margin btc long 50");
  const call = exchange.hold(SET_MARGIN);
  confirms(here, card);
  await call.reached;
  if (why === "kicked") desk.removeBot(bob);
  else {
    telegram.failWhen(({ params }) =>
      params["chat_id"] === String(desk.id)
        ? { kind: "error", code: 400, description: "Bad Request: TOPIC_CLOSED" }
        : undefined,
    );
  }
  call.release();
  const { text } = await ann.chat.waitFor(/^I could not say this where you asked/);
  const said = why === "kicked" ? "bot was kicked from the supergroup chat" : "TOPIC_CLOSED";
  const [first, second] = text.split("\n");
  expect(first).toBe(`I could not say this where you asked, in chat ${desk.id}, topic ${here.chat.topicId}: ${said}.`);
  expect(second).toBe("Done: added 50 USDT to BTC long.");
  expect(text).toMatch(/\n#\d+ [0-9a-f]{16}$/);
  expect(bob.chat.messages().filter((message) => message.text.includes("Done: added"))).toEqual([]);
});

it("says in a message that something went wrong after a tap that was answered already", async () => {
  const { ann, telegram, start } = await createWorld();
  await start();
  const list = await asks(ann, "/positions", /^Positions/);
  telegram.failWhen(({ method, params }) =>
    method === "sendMessage" && /^How much/.test(String(params["text"]))
      ? { kind: "error", code: 500, description: "Internal Server Error" }
      : undefined,
  );
  ann.presses(/^BTC long/, { message: list });
  const said = await ann.chat.waitFor(/^Something went wrong here/, { after: list.id });
  expect(said.text).toMatch(/nothing was sent to Bitget by this press/);
});
