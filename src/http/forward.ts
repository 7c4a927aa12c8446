/** The way of an operator's request from the page's port to the bot behind it. */
import { type Handler, refusesMethod, reply } from "./listener.ts";

const OPERATOR_PATHS: ReadonlySet<string> = new Set(["/healthz", "/readyz", "/metrics"]);
/** How long the bot may take to answer, in ms. */
const PATIENCE_MS = 5000;

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** The whole answer, or undefined where none comes: a bot may end in the middle of one. */
async function ask(url: string, patienceMs: number): Promise<Answer | undefined> {
  try {
    const answer = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(patienceMs) });
    const type = answer.headers.get("content-type") ?? "text/plain";
    return { status: answer.status, type, body: await answer.text() };
  } catch {
    return undefined;
  }
}

/** Hands an operator's requests on to the bot, wherever it listens at the moment; undefined: nowhere. */
export function createForward(botUrl: () => string | undefined, patienceMs = PATIENCE_MS): Handler {
  return async (request, response, path) => {
    if (!OPERATOR_PATHS.has(path)) return reply(response, 404, "not found\n");
    if (refusesMethod(request, response)) return;
    const url = botUrl();
    const answer = url === undefined ? undefined : await ask(`${url}${path}`, patienceMs);
    if (answer === undefined) return reply(response, 503, "the bot is not running\n");
    reply(response, answer.status, answer.body, { "content-type": answer.type });
  };
}
