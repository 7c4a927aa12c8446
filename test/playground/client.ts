import { afterEach } from "vitest";
import { createPlayground, type Playground, type PlaygroundOptions } from "../../src/playground/server.ts";

export const token = "700123:test-token";

export type Answer = {
  ok: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects, and fails where it is not.
  result: any;
  error_code?: number;
  description?: string;
  parameters?: { migrate_to_chat_id?: number; retry_after?: number };
};

const open: Playground[] = [];

afterEach(async () => {
  for (const playground of open.splice(0)) await playground.close();
});

/** A playground that is closed after the test. */
export async function playground(options: Partial<PlaygroundOptions> = {}): Promise<Playground> {
  const tg = await createPlayground({ token, bot: { username: "margin_bot", firstName: "Margin bot" }, ...options });
  open.push(tg);
  return tg;
}

/** Calls the Bot API as a bot without a framework does. */
export async function call(tg: Playground, method: string, params: object = {}, signal?: AbortSignal): Promise<Answer> {
  const response = await fetch(`${tg.apiRoot}/bot${token}/${method}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(params),
    ...(signal && { signal }),
  });
  return (await response.json()) as Answer;
}

/** The updates that wait now; nothing is confirmed unless an offset says so. */
export async function updates(tg: Playground, params: object = {}): Promise<Answer["result"]> {
  return (await call(tg, "getUpdates", params)).result;
}

export function row(...buttons: object[]): { inline_keyboard: object[][] } {
  return { inline_keyboard: [buttons] };
}
