/** Every server of ours as a test starts it: the health port, the playground with all that it serves, the exchange. */
import { onTestFinished } from "vitest";
import { createForward } from "../../src/http/forward.ts";
import type { HttpServer } from "../../src/http/listener.ts";
import { createMetrics } from "../../src/http/metrics.ts";
import { serveHttp } from "../../src/http/server.ts";
import { createPaperExchange } from "../../src/paper/exchange.ts";
import { createPlayground, type Playground } from "../../src/playground/server.ts";

const CREDENTIALS = { key: "key", secret: "secret", passphrase: "passphrase" };
/** A bot that does not answer is not worth a longer wait in a test. */
const BOT_PATIENCE_MS = 300;
export const TOKEN = "700123:test-token";

/** A server, and paths of it that answer 200 to anybody as long as it works. */
export interface Served {
  readonly url: string;
  readonly paths: readonly string[];
}

function untilTheTestEnds<Server extends { close(): Promise<void> }>(server: Server): Server {
  onTestFinished(() => server.close());
  return server;
}

export async function health(host = "127.0.0.1", faults: readonly string[] = []): Promise<HttpServer> {
  return untilTheTestEnds(
    await serveHttp({ host, port: 0 }, { faults: () => faults, throttled: () => [] }, createMetrics()),
  );
}

/** A playground with its page, that hands on what it hands on beside a real bot. */
export async function playground(botUrl: string | undefined, host = "127.0.0.1"): Promise<Playground> {
  return untilTheTestEnds(
    await createPlayground({
      token: TOKEN,
      host,
      page: true,
      fallback: createForward(() => botUrl, BOT_PATIENCE_MS),
    }),
  );
}

export const SERVERS: readonly (readonly [name: string, start: (host?: string) => Promise<Served>])[] = [
  ["the health port", async (host) => ({ url: (await health(host)).url, paths: ["/healthz", "/readyz", "/metrics"] })],
  [
    "the playground",
    async (host) => ({
      url: (await playground((await health()).url, host)).url,
      paths: [`/bot${TOKEN}/getMe`, "/metrics", "/", "/playground/state"],
    }),
  ],
  [
    "the exchange",
    async (host = "127.0.0.1") => {
      const options = { credentials: CREDENTIALS, host, moving: false, budgets: false };
      return { url: untilTheTestEnds(await createPaperExchange(options)).url, paths: ["/api/v2/public/time"] };
    },
  ],
];
