/** Serves the chat page, its stream of changes and what a person does on it. */
import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { isAllowed, PAGE_HEADERS } from "./guard.ts";
import { eventOf, membersOf, stateOf } from "./page-state.ts";
import type { User } from "./state/bot-api-types.ts";
import { type Params, readBody, readInteger, readText } from "./state/params.ts";
import { findPosted, type Room, type Telegram } from "./state/telegram.ts";
import { press, write } from "./state/user-actions.ts";
import { until } from "./state/wait-until.ts";

/** The page and its endpoints. */
export interface Page {
  /** False when the path is none of the page's. */
  serve(request: IncomingMessage, response: ServerResponse, url: URL): Promise<boolean>;
}

/** An answer of the page's own endpoints: a status and what goes into the body as JSON. */
type Reply = [status: number, body: object];

interface Speaker {
  readonly room: Room;
  readonly user: User;
  readonly topic: number | undefined;
}

const PAGE_FILES: Record<string, [name: string, type: string]> = {
  "/": ["index.html", "text/html; charset=utf-8"],
  "/playground/chat.css": ["chat.css", "text/css; charset=utf-8"],
  "/playground/chat.js": ["chat.js", "text/javascript; charset=utf-8"],
  "/playground/message.js": ["message.js", "text/javascript; charset=utf-8"],
  "/playground/text.js": ["text.js", "text/javascript; charset=utf-8"],
  "/playground/icon.svg": ["icon.svg", "image/svg+xml"],
};
const BODY_BYTES_MAX = 64 * 1024;
const TEXT_UNITS_MAX = 4096;
const ANSWER_PATIENCE_MS = 15_000;
const HEARTBEAT_MS = 20_000;
const UNREAD_BYTES_MAX = 4 * 1024 * 1024;

/** The chat page, and the endpoints under `/playground/` that it talks to. `ownName`: what it may be called by. */
export async function createPage(telegram: Telegram, ownName: string): Promise<Page> {
  const contents = new Map<string, Buffer>();
  for (const [path, [name]] of Object.entries(PAGE_FILES))
    contents.set(path, await readFile(new URL(`page/${name}`, import.meta.url)));

  return {
    async serve(request, response, url) {
      const path = url.pathname;
      if (path !== "/" && !path.startsWith("/playground/")) return false;
      const content = contents.get(path);
      if (!isAllowed(request, url, ownName)) send(response, [403, { error: "This page is for this machine only." }]);
      else if (request.method === "POST") send(response, await handlePost(telegram, request, path));
      else if (request.method !== "GET") send(response, [405, { error: "Only GET and POST." }]);
      else if (content)
        response.writeHead(200, { ...PAGE_HEADERS, "content-type": PAGE_FILES[path]?.[1] }).end(content);
      else if (path === "/playground/state") send(response, [200, stateOf(telegram)]);
      else if (path === "/playground/events") sendEvents(telegram, response);
      else if (path === "/playground/file") sendFile(telegram, response, Object.fromEntries(url.searchParams));
      else send(response, [404, { error: "There is nothing here." }]);
      return true;
    },
  };
}

async function handlePost(telegram: Telegram, request: IncomingMessage, path: string): Promise<Reply> {
  // Another site cannot send this type without asking first, which is never granted.
  if (!request.headers["content-type"]?.startsWith("application/json")) return [415, { error: "Send JSON." }];
  const body = await readBody(request, BODY_BYTES_MAX);
  if (!body) return [413, { error: "That is too long." }];
  const params = parse(body);
  const speaker = params && findSpeaker(telegram, params);
  if (!speaker) return [400, { error: "Nobody of that name is in this chat." }];
  if (path === "/playground/say") return say(telegram, speaker, params);
  if (path === "/playground/press") return await pressButton(telegram, speaker, params);
  return [404, { error: "There is nothing here." }];
}

function say(telegram: Telegram, { room, user, topic }: Speaker, params: Params): Reply {
  const words = readText(params, "text").trim();
  if (words === "") return [400, { error: "Write something." }];
  if (words.length > TEXT_UNITS_MAX) return [400, { error: "That is longer than 4096 characters." }];
  const replied = findPosted(room, readInteger(params, "replyTo"))?.message;
  const reply = replied && { reply_to_message: replied };
  const { message } = write(telegram, room, { from: user, text: words, topic, ...reply });
  return [200, { message: message.message_id }];
}

/** Answers when the bot has answered the press, or has not for as long as a person would look at a spinner. */
async function pressButton(telegram: Telegram, { room, user }: Speaker, params: Params): Promise<Reply> {
  const messageId = readInteger(params, "message") ?? 0;
  const keyboard = findPosted(room, messageId)?.message.reply_markup?.inline_keyboard;
  const data = keyboard?.[readInteger(params, "row") ?? 0]?.[readInteger(params, "column") ?? 0]?.callback_data;
  if (data === undefined) return [409, { error: "This button is gone." }];
  const { pressed } = press(telegram, room, user, { messageId, data });
  const answer = await until(
    telegram,
    () => pressed.answer,
    ANSWER_PATIENCE_MS,
    () => "no answer",
  ).catch(() => undefined);
  return [200, { answered: answer !== undefined, ...answer }];
}

function findSpeaker(telegram: Telegram, params: Params): Speaker | undefined {
  const user = telegram.users.get(readInteger(params, "person") ?? 0);
  const room = telegram.rooms.get(readInteger(params, "chat") ?? 0);
  const topic = readInteger(params, "topic");
  if (!user || !room || !membersOf(room).has(user.id)) return undefined;
  if (topic !== undefined && ![...room.topics.values()].includes(topic)) return undefined;
  return { room, user, topic };
}

function sendEvents(telegram: Telegram, response: ServerResponse): void {
  response.writeHead(200, { ...PAGE_HEADERS, "content-type": "text/event-stream" });
  response.write(": hello\n\n");
  const stop = telegram.onChange((change) => {
    const event = eventOf(telegram, change);
    // A page that stopped reading is cut off; when it comes back it reads the whole state.
    if (response.writableLength > UNREAD_BYTES_MAX) response.destroy();
    else if (event) response.write(`event: ${event.name}\ndata: ${JSON.stringify(event.data)}\n\n`);
  });
  const heartbeat = setInterval(() => response.write(": still here\n\n"), HEARTBEAT_MS);
  response.on("close", () => {
    stop();
    clearInterval(heartbeat);
  });
}

function sendFile(telegram: Telegram, response: ServerResponse, params: Params): void {
  const posted = findPosted(telegram.rooms.get(readInteger(params, "chat") ?? 0), readInteger(params, "message"));
  const name = encodeURIComponent(posted?.message.document?.file_name ?? "");
  if (!posted?.file) {
    send(response, [404, { error: "There is no such file." }]);
    return;
  }
  const disposition = `attachment; filename*=UTF-8''${name}`;
  const headers = { "content-type": "application/octet-stream", "content-disposition": disposition };
  response.writeHead(200, { ...PAGE_HEADERS, ...headers }).end(posted.file);
}

function parse(body: Buffer): Params | undefined {
  try {
    const parsed: unknown = JSON.parse(body.toString("utf8"));
    return typeof parsed === "object" && parsed !== null ? (parsed as Params) : undefined;
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, [status, body]: Reply): void {
  response.writeHead(status, { ...PAGE_HEADERS, "content-type": "application/json" }).end(JSON.stringify(body));
}
