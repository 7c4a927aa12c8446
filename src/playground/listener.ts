/** Listening so that nothing that comes in ends the process: each request is answered, refused, or cut off. */
import type { EventEmitter } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { bracketHost, hostnameOf, isLoopback } from "./guard.ts";

/** Answers one request, of which `url` says what it asks for. What it throws is answered with 500. */
export type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>;

/** A server that listens; `close` ends its connections, too. */
export interface Listener {
  readonly url: string;
  close(): Promise<void>;
}

const SERVER_LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16 * 1024,
};
const CONNECTIONS_MAX = 500;
/** A connection on which nothing moves for so long is cut; the longest poll is silent for 50 seconds. */
const SILENCE_MS_MAX = 120_000;

/**
 * Listens before it returns. On a loopback address only names of this machine are answered: a page on the web can point
 * a name of its own at 127.0.0.1. Rejects when the port is taken.
 */
export function listen(host: string, port: number, handle: Handler): Promise<Listener> {
  const server = createServer(SERVER_LIMITS);
  server.maxConnections = CONNECTIONS_MAX;
  server.timeout = SILENCE_MS_MAX;
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    ignoreErrors(server);
    server.listen(port, host, () => {
      const { address, port: taken } = server.address() as AddressInfo;
      const ownName = hostnameOf(host);
      const isGuarded = isLoopback(hostnameOf(address));
      server.on("request", (request, response) => {
        ignoreErrors(request, response);
        answer(request, response, { ownName, isGuarded }, handle).catch(() => {
          if (response.headersSent) response.destroy();
          else refuse(response, 500, "this went wrong");
        });
      });
      resolve({ url: `http://${bracketHost(host)}:${taken}`, close: () => close(server) });
    });
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { ownName, isGuarded }: { ownName: string; isGuarded: boolean },
  handle: Handler,
): Promise<void> {
  const url = urlOf(request, ownName);
  if (!url) return refuse(response, 400, "this request cannot be read");
  const isOurs = !isGuarded || url.hostname === ownName || isLoopback(url.hostname);
  // Not 421, which a client may take for a wish to be asked again.
  if (!isOurs) return refuse(response, 403, "this is for this machine only: ask for 127.0.0.1 or localhost");
  await handle(request, response, url);
}

/** Undefined where it cannot be read. What begins with `//` is a path to some and another machine's name to others. */
function urlOf({ url = "", headers }: IncomingMessage, ownName: string): URL | undefined {
  if (url.startsWith("//")) return undefined;
  // Only HTTP/1.0 may come without a Host.
  return URL.parse(url.startsWith("/") ? `http://${headers.host ?? ownName}${url}` : url) ?? undefined;
}

function refuse(response: ServerResponse, status: number, why: string): void {
  response.writeHead(status, { "content-type": "text/plain", "cache-control": "no-store" }).end(`${why}\n`);
}

/** Without a listener an "error" would end the process. What broke is one connection, and Node closes it. */
function ignoreErrors(...emitters: EventEmitter[]): void {
  for (const emitter of emitters) emitter.on("error", () => undefined);
}

function close(server: Server): Promise<void> {
  return new Promise((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });
}
