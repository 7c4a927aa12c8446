import { request } from "node:http";
import { beforeEach, describe, expect, it } from "vitest";
import type { Playground } from "../../src/playground/server.ts";
import { call, playground, row, token, updates } from "./client.ts";

let tg: Playground;

beforeEach(async () => {
  tg = await playground({ page: true });
});

type Headers = Record<string, string>;

async function post(path: string, body: object, headers: Headers = { origin: tg.url }) {
  const response = await fetch(`${tg.url}/playground/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** The status of a request with headers that `fetch` would not send. */
function statusOf(path: string, headers: Headers): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(`${tg.url}${path}`, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });
}

it("serves the page and its files under a policy that runs nothing from elsewhere", async () => {
  for (const path of [
    "/",
    "/playground/chat.js",
    "/playground/message.js",
    "/playground/text.js",
    "/playground/chat.css",
  ]) {
    const response = await fetch(`${tg.url}${path}`);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-security-policy")).toMatch(/^default-src 'none'; script-src 'self';/);
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(await response.text()).not.toMatch(/innerHTML|(src|href)="https?:/);
  }
});

it("lets a person write, and shows them the answer", async () => {
  expect(await post("say", { person: 1001, chat: 1001, text: "/start" })).toMatchObject({ status: 200 });
  expect(tg.pendingUpdates()[0]?.message).toMatchObject({ text: "/start", from: { first_name: "You" } });
  await call(tg, "sendMessage", { chat_id: 1001, text: "Hello" });
  const state = await (await fetch(`${tg.url}/playground/state`)).json();
  expect(state).toMatchObject({
    people: [{ name: "You" }, { name: "Ann" }],
    chats: [{ id: 1001, messages: [{ text: "/start" }, { text: "Hello", byBot: true }] }, {}, { title: "Desk" }],
  });
});

it("lets a person press a button, and tells them how the bot answers", async () => {
  const { updateId = 0 } = tg.user({ id: 1001 }).says("/start");
  const reply_markup = row({ text: "Go", callback_data: "go" }, { text: "Off", disabled: {} });
  const sent = await call(tg, "sendMessage", { chat_id: 1001, text: "Choose", reply_markup });
  const polling = updates(tg, { timeout: 50, offset: updateId + 1 });
  const button = { person: 1001, chat: 1001, message: sent.result.message_id, row: 0, column: 0 };
  const pressing = post("press", button);
  const [press] = await polling;
  await call(tg, "answerCallbackQuery", { callback_query_id: press.callback_query.id, text: "Going" });
  expect(await pressing).toMatchObject({ body: { answered: true, text: "Going", showAlert: false } });
  expect(await post("press", { ...button, column: 1 })).toMatchObject({ status: 409 });
});

it("shows the menu of commands of each chat", async () => {
  const commands = [{ command: "margin", description: "Add or remove margin" }];
  await call(tg, "setMyCommands", { commands, scope: { type: "all_private_chats" } });
  const state = (await (await fetch(`${tg.url}/playground/state`)).json()) as { chats: { commands: object }[] };
  expect(state.chats.map((chat) => chat.commands)).toEqual([
    { 1001: commands },
    { 1002: commands },
    { 1001: [], 1002: [] },
  ]);
});

it("sends news to the page as they happen", async () => {
  const response = await fetch(`${tg.url}/playground/events`);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader?.read())?.value).toBe(": hello\n\n");
  tg.user({ id: 1001 }).says("hello");
  expect((await reader?.read())?.value).toMatch(
    /^event: message\ndata: \{"chat":1001,"message":\{"id":1,[^\n]*\}\n\n$/,
  );
  await reader?.cancel();
});

describe("turns away", () => {
  const hello = { person: 1001, chat: 1001, text: "hello" };
  const writes: [who: string, headers: Headers, status: number][] = [
    ["a foreign site", { origin: "https://evil.example" }, 403],
    ["another port of this machine", { origin: "http://127.0.0.1:1" }, 403],
    ["a page without an origin", { origin: "null" }, 403],
    ["who does not say where from", {}, 403],
    ["what is no JSON", { origin: "", "sec-fetch-site": "same-origin", "content-type": "text/plain" }, 415],
  ];
  it.each(writes)("%s", async (_who, headers, status) => {
    expect((await post("say", hello, headers)).status).toBe(status);
    expect(tg.pendingUpdates()).toEqual([]);
  });

  const reads: [who: string, path: string, headers: Headers, status: number][] = [
    ["a foreign host name", "/", { host: "evil.example" }, 403],
    ["a name that only begins like ours", "/", { host: "localhost.evil.example" }, 403],
    ["a foreign site that reads", "/playground/state", { "sec-fetch-site": "cross-site" }, 403],
    ["nobody who follows a link to the page", "/", { "sec-fetch-site": "cross-site" }, 200],
    ["nobody who calls it localhost", "/playground/state", { host: "localhost:8790" }, 200],
    ["nobody who calls it [::1]", "/", { host: "[::1]:8790" }, 200],
  ];
  it.each(reads)("%s", async (_who, path, headers, status) => {
    expect(await statusOf(path, headers)).toBe(status);
  });

  const bodies: [what: string, body: object, status: number][] = [
    ["an empty text", { text: " " }, 400],
    ["a text over 4096", { text: "x".repeat(4097) }, 400],
    ["a body over 64 kB", { text: "x".repeat(1_000_000) }, 413],
    ["a stranger", { person: 9 }, 400],
    ["a person in another one's chat", { person: 1002 }, 400],
    ["an unknown topic", { topic: 5 }, 400],
  ];
  it.each(bodies)("%s", async (_what, body, status) => {
    expect((await post("say", { ...hello, ...body })).status).toBe(status);
    expect(tg.pendingUpdates()).toEqual([]);
  });
});

it("keeps browsers away from the Bot API", async () => {
  expect(await statusOf(`/bot${token}/getMe`, { origin: "https://evil.example" })).toBe(403);
  expect(await statusOf(`/bot${token}/getMe`, { "sec-fetch-site": "cross-site" })).toBe(403);
});

it("hands paths that are not its own to the fallback, and has no page unless asked", async () => {
  const bare = await playground({ fallback: (_request, response) => void response.writeHead(418).end() });
  expect((await fetch(`${bare.url}/healthz`)).status).toBe(418);
  expect((await fetch(`${bare.url}/`)).status).toBe(418);
});
