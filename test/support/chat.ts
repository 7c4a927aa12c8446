/** A desk with a chat around it, in this process: the stand-in of Telegram, a real client, and no handlers. */
import { onTestFinished } from "vitest";
import type { AuditEvent, ChatLocation, Entry } from "../../src/margin/model/audit-event.ts";
import type { Proposal } from "../../src/margin/model/proposal.ts";
import { proposalDetail, termsOf } from "../../src/margin/model/proposal.ts";
import { createPlayground, type Playground } from "../../src/playground/server.ts";
import { createBot, createPromptApi, type TelegramAccess } from "../../src/telegram/bot.ts";
import { createCardStore } from "../../src/telegram/cards/card-store.ts";
import { type Background, createBackground } from "../../src/telegram/messaging/background.ts";
import type { HandlerChat } from "../../src/telegram/messaging/context.ts";
import { createGroups } from "../../src/telegram/messaging/groups.ts";
import { createTurns } from "../../src/telegram/messaging/keyed-queue.ts";
import { createThrottle } from "../../src/telegram/messaging/throttle.ts";
import { createOutbox, type Outbox } from "../../src/telegram/verdicts/outbox.ts";
import { onTimer, type Plan } from "../../src/telegram/verdicts/plan.ts";
import { english } from "../../src/telegram/words/english.ts";
import { clockOf } from "./clock.ts";
import { openDeps, type TestDeps } from "./open-deps.ts";
import { ANN, BOB } from "./people.ts";

const TOKEN = "700001:chat-of-a-test";

export interface TestChat extends TestDeps {
  readonly chat: HandlerChat;
  readonly telegram: Playground;
  /** How a bot of this test reaches Telegram: its chats are throttled on the clock of the test. */
  readonly access: TelegramAccess;
  /** Events of the log, oldest first; and each with its fields. */
  readonly logged: readonly string[];
  readonly lines: readonly object[];
  /** Resolves when all that was begun beside it has ended. */
  drained(): Promise<void>;
  /** An outbox for the rest of the test, on timers unless told otherwise. */
  outbox(plan?: Plan): Outbox;
  /** An adjustment as in `proposal`, of its own, that was confirmed and then refused: a verdict to tell in `place`. */
  refused(proposal: Proposal, location: ChatLocation, endedAt?: ChatLocation): Promise<AuditEvent>;
}

/** A place without topics. */
export function locationIn({ id }: { id: number }): ChatLocation {
  return { chat: String(id), topic: "", message: "" };
}

function partsOf(deps: TestDeps, access: TelegramAccess, log: HandlerChat["log"], work: Background): HandlerChat {
  const bot = createBot(access);
  return {
    deps: deps.deps,
    words: english,
    api: bot.api,
    cards: createCardStore(deps.store),
    log,
    background: work.run,
    inTurn: createTurns(),
    adminIds: [ANN.id, BOB.id],
    groups: createGroups([], { deps: deps.deps, log, background: work.run }),
    standingFault: () => undefined,
    hadWaited: async () => false,
    outbox: { nudge: () => undefined },
    settlement: { nudge: async () => undefined },
  };
}

/** On a machine that is `aheadMs` ahead. Ann and Bob are its admins, and neither has written to the bot yet. */
export async function openChat(aheadMs = 0): Promise<TestChat> {
  const deps = await openDeps({}, aheadMs);
  const telegram = await createPlayground({ token: TOKEN });
  telegram.user({ id: 501, firstName: "Ann" });
  telegram.user({ id: 502, firstName: "Bob" });
  const logged: string[] = [];
  const lines: object[] = [];
  const log: HandlerChat["log"] = (_level, event, fields) => {
    logged.push(event);
    lines.push({ event, ...fields });
  };
  const work = createBackground(() => undefined);
  const throttle = createThrottle(deps.clock.now, log);
  const access = { token: TOKEN, apiRoot: telegram.apiRoot, throttle, clock: clockOf(deps.clock.now) };
  const chat = partsOf(deps, access, log, work);
  onTestFinished(async () => {
    await work.drained();
    await telegram.close();
  });
  let made = 0;
  return {
    ...deps,
    chat,
    telegram,
    access,
    logged,
    lines,
    drained: work.drained,
    outbox(plan = onTimer) {
      const events = { verdictTold: () => undefined, estimateChecked: () => undefined };
      const outbox = createOutbox(chat, { api: createPromptApi(access), log, groups: chat.groups }, events, plan);
      onTestFinished(() => outbox.stop());
      return outbox;
    },
    async refused(proposal, location, endedAt = location) {
      const adjustment = { ...proposal.adjustment, id: `copy${++made}` };
      const base = {
        adjustment: adjustment.id,
        actor: ANN,
        location,
        terms: termsOf(adjustment),
        code: "",
      };
      const detail = proposalDetail({ ...proposal, newestAtLook: proposal.newestAtLook ?? 0 }, "a copy");
      const steps: Entry[] = [
        { ...base, step: "proposed", detail },
        { ...base, step: "confirmed", detail: {} },
        { ...base, location: endedAt, step: "refused", code: "restart", detail: { refusal: { code: "restart" } } },
      ];
      for (const step of steps) {
        const appended = await deps.deps.events.append(step);
        if (appended.ok && step.step === "refused") return appended.event;
      }
      throw new Error("the table did not take the steps");
    },
  };
}
