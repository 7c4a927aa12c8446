/** The way of an operator's request from the page's port to the bot behind it. */
import { type IncomingMessage, request, type ServerResponse } from "node:http";

const OPERATOR_PATHS: ReadonlySet<string> = new Set(["/healthz", "/readyz", "/metrics"]);

/** Hands an operator's request on to the bot, wherever it listens at the moment. */
export function forward(botUrl: string | undefined, incoming: IncomingMessage, response: ServerResponse): void {
  const path = new URL(incoming.url ?? "/", "http://localhost").pathname;
  const unavailable = () => response.writeHead(503, { "content-type": "text/plain" }).end("the bot is not running\n");
  if (!OPERATOR_PATHS.has(path)) {
    response.writeHead(404, { "content-type": "text/plain" }).end("not found\n");
  } else if (botUrl === undefined) {
    unavailable();
  } else {
    const onward = request(`${botUrl}${path}`, { method: incoming.method, timeout: 5000 }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", unavailable);
    onward.end();
  }
}
