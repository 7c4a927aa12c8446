/** A Bitget that answers what a test tells it to, over real HTTP on a free port. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type BitgetOptions, createBitget } from "../../src/bitget/exchange.ts";
import { createRedact } from "../../src/redact.ts";
import { clockOf } from "../support/clock.ts";

interface Received {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export type Responder = (response: ServerResponse, request: Received) => void;

/** Credentials that must never show up in anything that comes back. */
export const CREDENTIALS = {
  key: "canary-key-7f3a",
  secret: "test-secret-0123456789abcdef",
  passphrase: "canary-passphrase-91c2",
};
export const ACCOUNT = "bitget:paper:main";
/** The clock of the machine under test. */
export const NOW = 1659076670000;

export const ok =
  (data: unknown, requestTime: number | string = NOW): Responder =>
  (response) => {
    json(response, 200, { code: "00000", msg: "success", requestTime, data });
  };

export const refuse =
  (httpStatus: number, code: unknown, msg = "no"): Responder =>
  (response) => {
    json(response, httpStatus, { code, msg, requestTime: NOW, data: null });
  };

function json(response: ServerResponse, httpStatus: number, value: unknown): void {
  response.writeHead(httpStatus, { "content-type": "application/json" });
  response.end(JSON.stringify(value));
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const part of request) body += part;
  return body;
}

export async function startServer() {
  const received: Received[] = [];
  const responders = new Map<string, Responder>();
  const server = createServer(async (request, response) => {
    const [path = "", query = ""] = (request.url ?? "").split("?");
    const one = { method: request.method ?? "", path, query, headers: request.headers, body: await readBody(request) };
    received.push(one);
    (responders.get(path) ?? refuse(404, "40404", "Request URL NOT FOUND"))(response, one);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    received,
    /** The requests that came for a path, in order. */
    at: (path: string) => received.filter((request) => request.path === path),
    answer: (path: string, responder: Responder) => void responders.set(path, responder),
    exchange: ({ now = () => NOW, ...options }: Partial<BitgetOptions> & { now?: () => number } = {}) =>
      createBitget({
        account: ACCOUNT,
        baseUrl: url,
        credentials: CREDENTIALS,
        demo: false,
        productTypes: ["USDT-FUTURES"],
        timeoutMs: 5000,
        clock: clockOf(now),
        redact: createRedact(Object.values(CREDENTIALS)),
        ...options,
      }),
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

export type Server = Awaited<ReturnType<typeof startServer>>;
