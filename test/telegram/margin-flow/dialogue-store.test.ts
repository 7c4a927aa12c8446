import { expect, it } from "vitest";
import { createDialogueStore } from "../../../src/telegram/margin-flow/dialogue-store.ts";
import { openDeps } from "../../support/open-deps.ts";

const STATE = { version: [0, 1] as [0, number], state: {} };
const TEN_MINUTES_MS = 600_000;

it.each([0, -3_600_000, 3_600_000])(
  "a question waits ten minutes, though the machine's clock is set by %i ms",
  async (ms) => {
    const { deps, store, clock } = await openDeps();
    await deps.exchange.syncClock();
    const dialogues = createDialogueStore(store, deps.now);
    await dialogues.write("1:0:1", STATE);
    clock.set(ms);
    clock.advance(TEN_MINUTES_MS);
    expect(await dialogues.read("1:0:1")).toEqual(STATE);
    clock.advance(1);
    expect(await dialogues.read("1:0:1")).toBeUndefined();
  },
);
