/** What the bot shows an operator over HTTP: whether it lives, whether it works, and its figures. */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Metrics } from "./metrics.ts";

export interface Health {
  /** Why the bot does not work at the moment, in words; empty when it does. */
  faults(): readonly string[];
}

export interface HttpServer {
  readonly url: string;
  close(): Promise<void>;
}

const HEADERS = { "cache-control": "no-store", "x-content-type-options": "nosniff" };

function reply(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { ...HEADERS, "content-type": type }).end(body);
}

async function route(path: string, response: ServerResponse, health: Health, metrics: Metrics): Promise<void> {
  if (path === "/healthz") return reply(response, 200, "application/json", `{"status":"ok"}\n`);
  if (path === "/metrics") return reply(response, 200, metrics.contentType, await metrics.text());
  if (path !== "/readyz") return reply(response, 404, "text/plain", "not found\n");
  const faults = health.faults();
  const status = faults.length === 0 ? "ready" : "not ready";
  return reply(
    response,
    faults.length === 0 ? 200 : 503,
    "application/json",
    `${JSON.stringify({ status, faults })}\n`,
  );
}

/** Listens on `host:port`; port 0 takes a free one. */
export function serveHttp(
  at: { readonly host: string; readonly port: number },
  health: Health,
  metrics: Metrics,
): Promise<HttpServer> {
  const server = createServer({ requestTimeout: 10_000 }, (request, response) => {
    if (request.method !== "GET") return reply(response, 405, "text/plain", "GET only\n");
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    route(pathname, response, health, metrics).catch(() => response.destroy());
  });
  return new Promise((resolve, reject) => {
    server.once("error", () => reject(new Error(`cannot listen on ${at.host}:${at.port}`)));
    server.listen(at.port, at.host, () => {
      const { port } = server.address() as AddressInfo;
      const host = at.host.includes(":") ? `[${at.host}]` : at.host;
      const close = () =>
        new Promise<void>((done) => {
          server.close(() => done());
          server.closeAllConnections();
        });
      resolve({ url: `http://${host}:${port}`, close });
    });
  });
}
