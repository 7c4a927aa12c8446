/** Listening so that nothing that comes in ends the process: each request is handled, refused, or cut off. */
import type { EventEmitter } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Listener {
  readonly url: string;
  /** Ends every connection. */
  close(): Promise<void>;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Under which names requests are answered: `own`, and where it is guarded those of the loopback and no others. */
interface Names {
  readonly own: string;
  readonly isGuarded: boolean;
}

const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16 * 1024,
};
const CONNECTIONS_MAX = 500;
/** The names of this machine itself, as they stand in an address that was parsed. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::(?:1|ffff:7f[\da-f]{2}:[\da-f]{1,4})\])$/;

/**
 * Listens before it returns; port 0 takes a free one. On a loopback address only names of this machine are answered: a
 * page on the web can point a name of its own at 127.0.0.1. Rejects when the port is taken. A connection whose handling
 * fails is cut.
 */
export function listen(host: string, port: number, handle: Handler): Promise<Listener> {
  const server = createServer(LIMITS);
  server.maxConnections = CONNECTIONS_MAX;
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    ignoreErrors(server);
    server.listen(port, host, () => {
      const { address, port: taken } = server.address() as AddressInfo;
      const names = { own: hostnameOf(host), isGuarded: LOOPBACK.test(hostnameOf(address)) };
      server.on("request", (request, response) => {
        ignoreErrors(request, response);
        // What fails here is a client that went away or a server that closes: there is nobody left to answer.
        answer(request, response, names, handle).catch(() => response.destroy());
      });
      resolve({ url: `http://${bracketHost(address)}:${taken}`, close: () => close(server) });
    });
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  names: Names,
  handle: Handler,
): Promise<void> {
  const refusal = refusalOf(request, names);
  if (refusal === undefined) await handle(request, response);
  else response.writeHead(refusal).end();
}

/** The status of a request that is not for the exchange: what cannot be read, and what asks for a foreign name. */
function refusalOf({ url = "", headers }: IncomingMessage, { own, isGuarded }: Names): number | undefined {
  // `//` begins a path to some and the name of another machine to others. Only HTTP/1.0 may come without a Host.
  const address = url.startsWith("/") ? `http://${headers.host ?? own}${url}` : url;
  const hostname = url.startsWith("//") ? undefined : URL.parse(address)?.hostname;
  if (hostname === undefined) return 400;
  // Not 421, which a client may take for a wish to be asked again.
  return isGuarded && hostname !== own && !LOOPBACK.test(hostname) ? 403 : undefined;
}

function bracketHost(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

/** A name or an address as it would stand in a URL. */
function hostnameOf(host: string): string {
  return URL.parse(`http://${bracketHost(host)}`)?.hostname ?? host;
}

/** Without a listener an "error" would end the process. What broke is one connection, and Node closes it. */
function ignoreErrors(...emitters: readonly EventEmitter[]): void {
  for (const emitter of emitters) emitter.on("error", () => undefined);
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
