/** What the bot shows an operator over HTTP: whether it lives, whether it works, and its figures. */
import type { ServerResponse } from "node:http";
import { type HttpServer, listen, refusesMethod, reply } from "./listener.ts";
import type { Metrics } from "./metrics.ts";

export interface Health {
  /** Why the bot does not work at the moment, in words; empty when it does. */
  faults(): readonly string[];
  /** Chats that Telegram makes wait, and for how many seconds more: the bot works on, and tells them what waits then. */
  throttled(): readonly { readonly chat: string; readonly seconds: number }[];
}

const JSON_TYPE = { "content-type": "application/json" };

async function route(path: string, response: ServerResponse, health: Health, metrics: Metrics): Promise<void> {
  if (path === "/healthz") return reply(response, 200, `{"status":"ok"}\n`, JSON_TYPE);
  if (path === "/metrics") return reply(response, 200, await metrics.text(), { "content-type": metrics.contentType });
  if (path !== "/readyz") return reply(response, 404, "not found\n");
  const faults = health.faults();
  const status = faults.length === 0 ? "ready" : "not ready";
  const body = JSON.stringify({ status, faults, throttled: health.throttled() });
  return reply(response, faults.length === 0 ? 200 : 503, `${body}\n`, JSON_TYPE);
}

/** Listens on `host:port`; port 0 takes a free one. */
export function serveHttp(
  at: { readonly host: string; readonly port: number },
  health: Health,
  metrics: Metrics,
): Promise<HttpServer> {
  return listen(at, async (request, response, path) => {
    if (!refusesMethod(request, response)) await route(path, response, health, metrics);
  });
}
