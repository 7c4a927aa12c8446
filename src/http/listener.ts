/** Listening so that nothing that comes in ends the process: each request is answered, refused, or cut off. */
import type { EventEmitter } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A server that listens. */
export interface HttpServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Answers one request. `path` is what the address names, without its query. What it throws is answered with 500. */
export type Handler = (request: IncomingMessage, response: ServerResponse, path: string) => Promise<void>;

const LIMITS = {
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 2_000,
  maxHeaderSize: 16 * 1024,
};
/** Enough for every monitor, and few beside what the bot itself may open. */
const CONNECTIONS_MAX = 100;
/** A connection on which nothing moves for so long, in ms, is cut: its other end does not read what it asked for. */
const SILENCE_MS_MAX = 15_000;
const HEADERS = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "cross-origin-resource-policy": "same-origin",
};
const TEXT = "text/plain; charset=utf-8";
/** The names of this machine itself, as they stand in an address. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::(?:1|ffff:7f[\da-f]{2}:[\da-f]{1,4})\])$/;

/** Answers whole. The body is text unless `headers` say otherwise. */
export function reply(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const length = Buffer.byteLength(body);
  // Node leaves the body of an answer to HEAD out by itself.
  response.writeHead(status, { ...HEADERS, "content-type": TEXT, "content-length": length, ...headers }).end(body);
}

/** True where the method is one that would change something; that is answered then. */
export function refusesMethod(request: IncomingMessage, response: ServerResponse): boolean {
  if (request.method === "GET" || request.method === "HEAD") return false;
  reply(response, 405, "GET and HEAD only\n", { allow: "GET, HEAD" });
  return true;
}

function bracketHost(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

/** `host` as it would stand in an address. */
function hostnameOf(host: string): string {
  return URL.parse(`http://${bracketHost(host)}`)?.hostname ?? host;
}

/**
 * What a request asks for. Undefined where that cannot be read. What begins with `//` is a path to some and the name of
 * another machine to others, so it is neither here.
 */
function targetOf({ url = "", headers }: IncomingMessage, ownName: string): URL | undefined {
  if (url.startsWith("//")) return undefined;
  // Only HTTP/1.0 may come without a Host.
  const address = url.startsWith("/") ? `http://${headers.host ?? ownName}${url}` : url;
  return URL.parse(address) ?? undefined;
}

/** Reads the request and has it handled, or says why not. */
async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { ownName, isLoopback }: { readonly ownName: string; readonly isLoopback: boolean },
  handle: Handler,
): Promise<void> {
  const target = targetOf(request, ownName);
  if (target === undefined) return reply(response, 400, "this request cannot be read\n");
  const isOurs = !isLoopback || target.hostname === ownName || LOOPBACK.test(target.hostname);
  // Not 421, which a client may take for a wish to be asked again.
  if (!isOurs) return reply(response, 403, "this is for this machine only: ask for 127.0.0.1 or localhost\n");
  await handle(request, response, target.pathname);
}

/** Without a listener an "error" would end the process. What broke is one connection, and Node closes it. */
function ignoreErrors(...emitters: readonly EventEmitter[]): void {
  for (const emitter of emitters) emitter.on("error", () => undefined);
}

/**
 * Listens on `host:port`; port 0 takes a free one. On a loopback address only names of this machine are answered: a
 * page on the web can point a name of its own at 127.0.0.1, and would be let read what comes back. On other addresses
 * proxies and monitors ask under names that cannot be known here.
 */
export function listen(
  { host, port }: { readonly host: string; readonly port: number },
  handle: Handler,
): Promise<HttpServer> {
  const server = createServer(LIMITS);
  server.maxConnections = CONNECTIONS_MAX;
  server.timeout = SILENCE_MS_MAX;
  return new Promise((resolve, reject) => {
    server.once("error", () => reject(new Error(`cannot listen on ${host}:${port}`)));
    ignoreErrors(server);
    server.listen(port, host, () => {
      const { address, port: taken } = server.address() as AddressInfo;
      const names = { ownName: hostnameOf(host), isLoopback: LOOPBACK.test(hostnameOf(address)) };
      server.on("request", (request, response) => {
        ignoreErrors(request, response);
        answer(request, response, names, handle).catch(() => {
          if (response.headersSent) response.destroy();
          else reply(response, 500, "this went wrong\n");
        });
      });
      resolve({ url: `http://${bracketHost(host)}:${taken}`, close: () => close(server) });
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });
}
