/** How many taps the way to `Done` takes: each path is played here, and docs/taps.md is what was counted. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { MessageView } from "../../src/playground/state/view.ts";
import { type Speaker, verdictOn } from "../support/talk.ts";
import { openWorld, type World } from "../support/world.ts";

const [several, single] = await Promise.all([openWorld({ budgets: false }), openWorld({ budgets: false })]);
beforeAll(async () => {
  for (const [symbol, holdSide] of [
    ["ETHUSDT", "long"],
    ["SOLUSDT", "long"],
    ["SOLUSDT", "short"],
  ] as const) {
    single.exchange.closePosition(symbol, holdSide);
  }
  await Promise.all([several.start(), single.start()]);
});
afterAll(() => Promise.all([several.close(), single.close()]));

/** A thumb that is counted. */
interface Thumb {
  readonly steps: string[];
  readonly typed: () => number;
  /** A command as Telegram's menu offers it: one tap, once the menu is open. */
  command(name: string): Promise<MessageView>;
  /** The first button of the newest message with buttons that begins like this. */
  tap(text: string | RegExp): Promise<MessageView>;
  type(text: string): Promise<MessageView>;
}

function thumbOf(speaker: Speaker): Thumb {
  const steps: string[] = [];
  let typed = 0;
  let newest = speaker.chat.messages().at(-1)?.id ?? 0;
  const answer = async () => {
    const message = await speaker.chat.waitFor(({ id, byBot, buttons }) => byBot && id > newest && buttons.length > 0);
    newest = message.id;
    return message;
  };
  return {
    steps,
    typed: () => typed,
    command(name) {
      steps.push(`\`/${name}\``);
      newest = speaker.says(`/${name}`).id;
      return answer();
    },
    tap(wanted) {
      const fits = ({ text }: { text: string }) => (typeof wanted === "string" ? text === wanted : wanted.test(text));
      const messages = speaker.chat.messages();
      const message = messages.findLast(({ byBot, buttons }) => byBot && buttons.flat().some(fits));
      const button = message?.buttons.flat().find(fits);
      if (message === undefined || button === undefined) throw new Error(`There is no button ${wanted}.`);
      steps.push(`\`${button.text}\``);
      newest = messages.at(-1)?.id ?? 0;
      speaker.pressesData(message, button.data ?? "");
      return answer();
    },
    type(text) {
      steps.push(`typed \`${text}\``);
      typed += text.length;
      newest = speaker.says(text).id;
      return answer();
    },
  };
}

const DEED = /^(?:Add|Remove) [\d.]+ \w+ · /;
const PRESET = /^[+-][\d.]+ USDT$/;

interface Path {
  readonly name: string;
  readonly world: World;
  /** Everything up to the confirmation, which is the last tap. */
  readonly way: (thumb: Thumb) => Promise<unknown>;
  /** What led here, and is not counted. */
  readonly before?: (thumb: Thumb) => Promise<unknown>;
}

async function add(thumb: Thumb): Promise<void> {
  await thumb.type("/margin btc long 9");
  await thumb.tap(DEED);
}

const PATHS: readonly Path[] = [
  {
    name: "Add, one position",
    world: single,
    way: async (thumb) => {
      await thumb.command("margin");
      await thumb.tap(PRESET);
    },
  },
  {
    name: "Add, several positions",
    world: several,
    way: async (thumb) => {
      await thumb.command("margin");
      await thumb.tap(/^BTC long/);
      await thumb.tap(PRESET);
    },
  },
  {
    name: "Add, from a list of positions that is on the screen",
    world: several,
    before: (thumb) => thumb.command("positions"),
    way: async (thumb) => {
      await thumb.tap(/^BTC long/);
      await thumb.tap(PRESET);
    },
  },
  {
    name: "Remove, one position",
    world: single,
    way: async (thumb) => {
      await thumb.command("margin");
      await thumb.tap("Remove instead");
      await thumb.tap(PRESET);
    },
  },
  { name: "The last deed again", world: single, before: add, way: (thumb) => thumb.command("repeat") },
  { name: "Undo", world: single, before: add, way: (thumb) => thumb.tap(/^Undo /) },
  {
    name: "Add more",
    world: single,
    before: add,
    way: async (thumb) => {
      await thumb.tap("Add more");
      await thumb.tap(PRESET);
    },
  },
  {
    name: "After `Not done`, with the amount that is allowed",
    world: single,
    before: async (thumb) => {
      const refused = await thumb.type("/margin btc long 9999");
      await single.ann.chat.waitFor(/How much/, { after: refused.id });
    },
    way: (thumb) => thumb.tap("Use 1000 USDT"),
  },
  { name: "One line", world: several, way: (thumb) => thumb.type("/margin btc long 50") },
];

/** Plays a path to `Done`, and gives its row of the table. */
async function played({ name, world: { ann, exchange }, way, before }: Path): Promise<string> {
  exchange.setAvailable("USDT", "1500");
  await before?.(thumbOf(ann));
  const thumb = thumbOf(ann);
  await way(thumb);
  const card = ann.chat.messages().findLast(({ byBot, buttons }) => byBot && buttons.length > 0);
  await thumb.tap(DEED);
  const verdict = await verdictOn(ann, card ?? ({ id: 0 } as MessageView));
  expect(verdict.text, name).toMatch(/^Done/);
  const taps = thumb.steps.filter((step) => !step.startsWith("typed")).length;
  return `| ${name} | ${taps} | ${thumb.typed()} | ${thumb.steps.join(" → ")} |`;
}

const HEAD = `# Taps from the open chat to \`Done\`

Counted by \`test/e2e/taps.test.ts\`, which plays each path against the stand-ins and compares this page with what it
counted. A command is one tap in Telegram's menu; where the menu is closed, opening it is one more.

| Path | Taps | Characters typed | Steps |
|---|---|---|---|`;

it("takes the taps that docs/taps.md says, and no typing but in the one line", async () => {
  const rows: string[] = [];
  for (const path of PATHS) rows.push(await played(path));
  await expect([HEAD, ...rows, ""].join("\n")).toMatchFileSnapshot("../../docs/taps.md");
  expect(rows[0]).toMatch(/^\| Add, one position \| 3 \| 0 \|/);
  expect(rows[1]).toMatch(/^\| Add, several positions \| 4 \| 0 \|/);
});
