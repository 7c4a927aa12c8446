/** What a handler does wrong ends its own request, not the process. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { expect, it, onTestFinished } from "vitest";
import { listen } from "../../src/http/listener.ts";
import { listen as listenAsExchange } from "../../src/paper/http/listener.ts";
import { listen as listenAsPlayground } from "../../src/playground/listener.ts";
import { statusOf, watchProcess } from "../support/raw-http.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const LISTENERS = [
  ["health", 500, (handle: Handler) => listen({ host: "127.0.0.1", port: 0 }, handle)],
  ["playground", 500, (handle: Handler) => listenAsPlayground("127.0.0.1", 0, handle)],
  ["exchange", 0, (handle: Handler) => listenAsExchange("127.0.0.1", 0, handle)],
] as const;

it.each(LISTENERS)("goes on after handlers that fail: %s", async (_name, failed, start) => {
  const faults = watchProcess();
  const handlers: Record<string, Handler> = {
    "/throws": () => {
      throw new Error("at once");
    },
    "/rejects": () => Promise.reject(new Error("later")),
    "/echoes": async (_request, response) => void response.writeHead(200, { "x-echo": "a\r\nb" }),
    "/twice": async (_request, response) => void response.writeHead(200).end().writeHead(500),
    "/late": async (_request, response) => void response.end().write("more"),
    "/well": async (_request, response) => void response.end(),
  };
  const { url, close } = await start(
    (request, response) => handlers[`${request.url}`]?.(request, response) ?? Promise.reject(),
  );
  onTestFinished(close);
  const seen: Record<string, number> = {};
  for (const path of Object.keys(handlers)) seen[path] = await statusOf(url, `GET ${path} HTTP/1.1`);
  expect(seen).toMatchObject({ "/throws": failed, "/rejects": failed, "/echoes": failed, "/well": 200 });
  expect(faults).toEqual([]);
});
