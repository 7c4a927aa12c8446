/** What the page shows of a chat, as plain data. */
import type { Change, Room, Telegram } from "./state/telegram.ts";
import { viewOf, viewsOf } from "./state/view.ts";

const MESSAGES_SHOWN = 200;

/** Everything the page shows, for all its people: it is a playground, nobody has secrets. */
export function stateOf(telegram: Telegram): object {
  const people = [...telegram.users.values()].filter((user) => !user.is_bot);
  const rooms = [...telegram.rooms.values()].filter(isShown);
  return {
    bot: { id: telegram.bot.id, name: telegram.bot.first_name, username: telegram.bot.username },
    people: people.map((user) => ({ id: user.id, name: user.first_name, username: user.username })),
    chats: rooms.map((room) => ({
      id: room.chat.id,
      type: room.chat.type,
      title: room.chat.title ?? telegram.bot.first_name,
      topics: [...room.topics].map(([name, id]) => ({ name, id })),
      members: [...membersOf(room)],
      commands: commandsOf(telegram, room),
      messages: viewsOf(telegram, room).slice(-MESSAGES_SHOWN),
    })),
  };
}

/** What the page is told of a change; undefined when it would not show. */
export function eventOf(telegram: Telegram, change: Change): { name: string; data: object } | undefined {
  switch (change.kind) {
    case "message": {
      const { room, posted } = change;
      return { name: "message", data: { chat: room.chat.id, message: viewOf(telegram, posted) } };
    }
    case "typing":
      return { name: "typing", data: { chat: change.room.chat.id, topic: change.topic } };
    case "commands":
    case "room":
      return { name: "reload", data: {} };
    case "answer":
    case "traffic":
      return undefined;
  }
}

/** The people who can write in a chat. */
export function membersOf(room: Room): Set<number> {
  return room.chat.type === "private" ? new Set([room.chat.id]) : room.members;
}

function isShown(room: Room): boolean {
  return room.chat.type !== "channel" && room.migratedTo === undefined;
}

function commandsOf(telegram: Telegram, room: Room): Record<string, object[]> {
  const entries = [...membersOf(room)].map((id) => {
    const language = telegram.users.get(id)?.language_code ?? "en";
    return [id, telegram.commands.seenBy(room.chat, id, "member", language)];
  });
  return Object.fromEntries(entries) as Record<string, object[]>;
}
