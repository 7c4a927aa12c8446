/** The world in the hands of a test: people, groups, faults and the calls that were made. */
import type { Faults } from "../bot-api/faults.ts";
import type { Flood } from "../bot-api/flood.ts";
import type { Update, User } from "../state/bot-api-types.ts";
import type { Call } from "../state/call-log.ts";
import type { Telegram } from "../state/telegram.ts";
import { PATIENCE_MS, until } from "../state/wait-until.ts";
import {
  type ChannelHandle,
  type ChatHandle,
  chatHandle,
  type GroupHandle,
  type GroupOptions,
  groupHandle,
  openChannel,
  openGroup,
} from "./chats.ts";
import { type Person, type Press, person, pressHandle } from "./people.ts";

/** Who somebody is; all of it may be left out. */
export interface PersonOptions {
  readonly id?: number;
  readonly firstName?: string;
  readonly username?: string;
  readonly languageCode?: string;
  /** Somebody else's bot. */
  readonly isBot?: boolean;
}

/** What a test can do in the process of the playground: everything that people can do, and what fate can do. */
export type World = Pick<Faults, "fail" | "failWhen"> &
  Pick<Flood, "floodLimits"> & {
    /** A new person, or the one with this id. */
    user(options?: PersonOptions): Person;
    group(options: GroupOptions): GroupHandle;
    channel(options: { title: string }): ChannelHandle;
    /** A chat that exists, by its id. */
    chat(id: number): ChatHandle;
    /** The calls of the bot, oldest first; the last 10 000. */
    calls(method?: string): Call[];
    /** Sends an update again under its old id, as after a confirmation that was lost. */
    redeliver(updateId: number): void;
    /** Sends the same press under a new update id. */
    pressAgain(press: Press): Press;
    /** The updates that the bot has not confirmed. */
    pendingUpdates(): Update[];
    /**
     * Resolves when the bot has confirmed all updates, waits in getUpdates and has no other call open.
     *
     * A bot that handles one batch before it asks for the next is then done. One that handles updates beside its polling
     * (grammY's runner) may still be at work between two calls: wait for what it should say instead, and use this only
     * after an update that it can answer quickly or not at all.
     */
    idle(timeoutMs?: number): Promise<void>;
  };

/** People, chats and misfortunes, as a test handles them. */
export function createWorld(telegram: Telegram, faults: Faults, flood: Flood): World {
  return {
    fail: faults.fail,
    failWhen: faults.failWhen,
    floodLimits: flood.floodLimits,
    user: (options = {}) => person(telegram, known(telegram, options)),
    group: (options) => groupHandle(telegram, openGroup(telegram, options)),
    channel: ({ title }) => openChannel(telegram, title),
    chat(id) {
      const room = telegram.rooms.get(id);
      if (!room) throw new Error(`There is no chat ${id}.`);
      return chatHandle(telegram, room);
    },
    calls: telegram.calls.list,
    redeliver: telegram.updates.redeliver,
    pressAgain(press) {
      const pressed = telegram.pressed.get(press.id);
      if (!pressed) throw new Error(`There never was a press ${press.id}, or it is too old.`);
      return pressHandle(telegram, pressed, telegram.updates.push({ callback_query: pressed.query }));
    },
    pendingUpdates: telegram.updates.pending,
    async idle(timeoutMs = PATIENCE_MS) {
      const isIdle = () => (telegram.updates.isQuiet() && telegram.calls.running() === 0 ? true : undefined);
      await until(telegram, isIdle, timeoutMs, () => busyness(telegram));
    },
  };
}

/** The user of these options, made when there is none with this id. */
export function known(telegram: Telegram, options: PersonOptions): User {
  const existing = telegram.users.get(options.id ?? 0);
  if (existing) return existing;
  const id = options.id ?? freeUserId(telegram);
  const user: User = {
    id,
    is_bot: options.isBot ?? false,
    first_name: options.firstName ?? `Person ${id}`,
    ...(options.username !== undefined && { username: options.username }),
    language_code: options.languageCode ?? "en",
  };
  telegram.users.set(id, user);
  return user;
}

function freeUserId(telegram: Telegram): number {
  let id = 5_000_001;
  while (telegram.users.has(id)) id += 1;
  return id;
}

function busyness(telegram: Telegram): string {
  const pending = telegram.updates.pending().map((update) => `${update.update_id} ${Object.keys(update)[1]}`);
  const running = telegram.calls.running();
  return `The bot did not come to rest. Calls that run: ${running}. Updates that wait: ${pending.join(", ") || "none"}. ${
    pending.length + running === 0 ? "It is not polling." : ""
  }`;
}
