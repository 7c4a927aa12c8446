/** Telegram over HTTP: the Bot API for one bot, a page for people, and a test API in this process. */

import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { createFaults, type Fault, type Faults } from "./bot-api/faults.ts";
import { createFlood, type Flood } from "./bot-api/flood.ts";
import { METHODS, type Method } from "./bot-api/methods.ts";
import { hostnameOf, isFromBrowser } from "./guard.ts";
import { listen } from "./listener.ts";
import { createPage, type Page } from "./page.ts";
import { type Answer, badRequest, isRefusal, type User } from "./state/bot-api-types.ts";
import { type Params, readParams } from "./state/params.ts";
import { createTelegram, type Telegram } from "./state/telegram.ts";
import { openGroup } from "./test-api/chats.ts";
import { privateRoom } from "./test-api/people.ts";
import { createWorld, known, type World } from "./test-api/test-api.ts";

/** What a playground is made of; all but the token may be left out. */
export interface PlaygroundOptions {
  readonly token: string;
  readonly host?: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly bot?: { id?: number; username?: string; firstName?: string };
  /** False: the bot hears everything in groups. */
  readonly privacy?: boolean;
  /** Serves the chat page at `/`. */
  readonly page?: boolean;
  /** Who chats on the page, if not You and Ann; the first one is chosen when it opens. */
  readonly people?: { id: number; firstName: string; username?: string }[];
  readonly groups?: { id: number; title: string; members: number[]; topics?: string[] }[];
  /** The time in milliseconds. */
  readonly now?: () => number;
  /** Answers paths that belong neither to the Bot API nor to the page. */
  readonly fallback?: (request: IncomingMessage, response: ServerResponse, path: string) => void | Promise<void>;
}

/** A running Telegram, and the people in it. */
export interface Playground extends World {
  readonly url: string;
  /** What a bot is given in place of https://api.telegram.org */
  readonly apiRoot: string;
  close(): Promise<void>;
}

interface Site {
  readonly token: string;
  readonly telegram: Telegram;
  readonly faults: Faults;
  readonly flood: Flood;
  readonly page: Page | undefined;
  readonly fallback: NonNullable<PlaygroundOptions["fallback"]>;
}

/** Starts a Telegram of its own: the Bot API for one bot, a page for people, and a test API in this process. */
export async function createPlayground(options: PlaygroundOptions): Promise<Playground> {
  const telegram = createTelegram(botUser(options), options.now ?? Date.now, options.privacy ?? true);
  const faults = createFaults();
  const flood = createFlood(telegram.now);
  settle(telegram, options);
  const { token, host = "127.0.0.1", port = 0, fallback = nothing } = options;
  const page = options.page ? await createPage(telegram, hostnameOf(host)) : undefined;
  const site = { token, telegram, faults, flood, page, fallback };
  const { url, close } = await listen(host, port, (...exchange) => serve(site, ...exchange));
  return {
    ...createWorld(telegram, faults, flood),
    url,
    apiRoot: url,
    close() {
      telegram.updates.close();
      return close();
    },
  };
}

function nothing(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(404).end();
}

const PAGE_PEOPLE = [
  { id: 1001, firstName: "You", username: "you" },
  { id: 1002, firstName: "Ann", username: "ann" },
];
const PAGE_GROUPS = [{ id: -1001000000001, title: "Desk", members: [1001, 1002] }];

function botUser({ token, bot = {} }: PlaygroundOptions): User {
  const id = bot.id ?? (Number.parseInt(token, 10) || 700_000);
  return { id, is_bot: true, first_name: bot.firstName ?? "Margin bot", username: bot.username ?? "margin_bot" };
}

function settle(telegram: Telegram, options: PlaygroundOptions): void {
  const { people = options.page ? PAGE_PEOPLE : [], groups = options.page ? PAGE_GROUPS : [] } = options;
  for (const one of people) privateRoom(telegram, known(telegram, one));
  for (const group of groups) openGroup(telegram, group);
}

async function serve(site: Site, request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
  if (url.pathname.startsWith("/bot")) return serveBot(site, request, response, url);
  if (await site.page?.serve(request, response, url)) return;
  await site.fallback(request, response, url.pathname);
}

const TOKEN = /^\d+:[\w-]+$/;

async function serveBot(site: Site, request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
  const path = decoded(url.pathname);
  if (path === undefined) return answer(response, badRequest("the path is no text"));
  const [, token, name = ""] = /^\/bot([^/]+)\/(\w+)$/.exec(path) ?? [];
  // Telegram does not tell lower case from upper case in the names of methods.
  const entry = Object.entries(METHODS).find(([method]) => method.toLowerCase() === name.toLowerCase());
  if (isFromBrowser(request)) return answer(response, { ok: false, error_code: 403, description: "Forbidden" });
  // What has not the form of a token is a path that leads nowhere.
  if (!TOKEN.test(token ?? "")) return answer(response, { ok: false, error_code: 404, description: "Not Found" });
  if (token !== site.token) return answer(response, { ok: false, error_code: 401, description: "Unauthorized" });
  if (!entry) return answer(response, { ok: false, error_code: 404, description: "Not Found: method not found" });
  const params = await readParams(request, url.searchParams);
  if (isRefusal(params)) return answer(response, params);
  await runMethod(site, response, entry, params as Params);
}

/** Undefined where the percent signs stand for no text. */
function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

async function runMethod(
  { telegram, faults, flood }: Site,
  response: ServerResponse,
  [name, method]: [string, Method],
  params: Params,
): Promise<void> {
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  const call = telegram.calls.begin(name, params);
  const fault = faults.next(call);
  const processed = answerBefore(fault) ?? flood.refuse(name, params) ?? (await method(telegram, params, gone.signal));
  await delay(fault);
  const cut = fault?.kind === "drop" || fault?.kind === "html";
  if (fault?.kind === "drop") response.destroy();
  else if (fault?.kind === "html") response.writeHead(502, { "content-type": "text/html" }).end(GATEWAY_PAGE);
  else answer(response, processed);
  telegram.calls.end(call, cut ? undefined : processed);
}

const GATEWAY_PAGE = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>";

/** The answer of a call that its fault keeps from being processed. */
function answerBefore(fault: Fault | undefined): Answer | undefined {
  if (fault?.kind === "error") {
    const { code, description, parameters } = fault;
    return { ok: false, error_code: code, description, ...(parameters && { parameters }) };
  }
  const unprocessed = fault?.kind === "html" || (fault?.kind === "drop" && fault.when === "before");
  return unprocessed ? { ok: false, error_code: 502, description: "Bad Gateway" } : undefined;
}

async function delay(fault: Fault | undefined): Promise<void> {
  if (fault?.kind === "slow") await pause(fault.ms);
  if (fault?.kind === "hold") await Promise.allSettled([fault.until]);
}

function answer(response: ServerResponse, body: Answer): void {
  response.writeHead(body.ok ? 200 : body.error_code, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
