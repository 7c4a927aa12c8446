/** The bot's commands as Telegram keeps them, by scope and language. */
import { type Answer, accept, badRequest, type Chat, type MemberStatus, type Refusal } from "./bot-api-types.ts";
import { type Params, readStructure, readText } from "./params.ts";

interface Command {
  readonly command: string;
  description: string;
}

/** The menus of commands that the bot has set: section "Determining list of commands". */
export interface Commands {
  set(params: Params): Answer;
  remove(params: Params): Answer;
  get(params: Params): Answer;
  /** The menu that a person sees in a chat: the list of the narrowest scope that has one. */
  seenBy(chat: Chat, userId: number, status: MemberStatus, language: string): Command[];
}

const SCOPE_TYPES = [
  "default",
  "all_private_chats",
  "all_group_chats",
  "all_chat_administrators",
  "chat",
  "chat_administrators",
  "chat_member",
];

/** No commands are set at first; `onChange` is told when they are. */
export function createCommands(onChange: () => void): Commands {
  const lists = new Map<string, Command[]>();
  return {
    set(params) {
      const key = readKey(params);
      const commands = readCommands(params);
      if (typeof key !== "string") return key;
      if (!Array.isArray(commands)) return commands;
      lists.set(key, commands);
      onChange();
      return accept(true);
    },
    remove(params) {
      const key = readKey(params);
      if (typeof key !== "string") return key;
      lists.delete(key);
      onChange();
      return accept(true);
    },
    get(params) {
      const key = readKey(params);
      return typeof key === "string" ? accept(lists.get(key) ?? []) : key;
    },
    seenBy(chat, userId, status, language) {
      for (const scope of scopesOf(chat, userId, status)) {
        const list = lists.get(`${scope} ${language}`) ?? lists.get(`${scope} `);
        if (list && list.length > 0) return list;
      }
      return [];
    },
  };
}

function scopesOf(chat: Chat, userId: number, status: MemberStatus): string[] {
  if (chat.type === "private") return [`chat ${chat.id}`, "all_private_chats", "default"];
  const admin = status === "administrator";
  return [
    `chat_member ${chat.id} ${userId}`,
    ...(admin ? [`chat_administrators ${chat.id}`] : []),
    `chat ${chat.id}`,
    ...(admin ? ["all_chat_administrators"] : []),
    "all_group_chats",
    "default",
  ];
}

function readKey(params: Params): string | Refusal {
  const scope = (readStructure(params, "scope") ?? { type: "default" }) as Params | Refusal;
  if ("error_code" in scope) return scope as Refusal;
  const type = readText(scope, "type");
  if (!SCOPE_TYPES.includes(type)) return badRequest("can't parse BotCommandScope: Unsupported type specified");
  const language = readText(params, "language_code");
  if (language !== "" && !/^[a-z]{2}$/.test(language)) return badRequest("invalid language code specified");
  const place = [type, readText(scope, "chat_id"), readText(scope, "user_id")].filter((part) => part !== "");
  return `${place.join(" ")} ${language}`;
}

function readCommands(params: Params): Command[] | Refusal {
  const given = readStructure(params, "commands");
  if (given && "error_code" in given) return given as Refusal;
  if (!Array.isArray(given)) return badRequest("can't parse commands: expected an Array");
  if (given.length > 100) return badRequest("BOT_COMMANDS_TOO_MUCH");
  for (const { command, description } of given as Command[]) {
    if (typeof command !== "string" || !/^[a-z0-9_]{1,32}$/.test(command)) return badRequest("BOT_COMMAND_INVALID");
    if (typeof description !== "string" || description.length < 1 || description.length > 256)
      return badRequest("BOT_COMMAND_DESCRIPTION_INVALID");
  }
  return given as Command[];
}
