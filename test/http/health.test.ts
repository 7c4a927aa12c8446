/** The health port as a monitor meets it. */
import { expect, it } from "vitest";
import { ask } from "../support/raw-http.ts";
import { health, playground } from "./servers.ts";

const partsOf = (answer: string) => {
  const [head = "", body = ""] = answer.split("\r\n\r\n");
  const [status = "", ...headers] = head.split("\r\n");
  // The date and the figures of the process differ from one answer to the next.
  const lasting = headers.filter((header) => !/^(date|content-length):/i.test(header));
  return { status, headers: lasting, length: /^content-length: (\d+)$/im.exec(head)?.[1], body };
};

it.each([
  ["/healthz", 200],
  ["/readyz", 503],
  ["/metrics", 200],
  ["/nothing", 404],
])("answers HEAD like GET, without the body: %s", async (path, status) => {
  const { url } = await health("127.0.0.1", ["frozen: disk"]);
  for (const at of [url, (await playground(url)).url]) {
    const get = partsOf(await ask(at, `GET ${path} HTTP/1.1`));
    const head = partsOf(await ask(at, `HEAD ${path} HTTP/1.1`));
    expect(get.status).toMatch(`HTTP/1.1 ${status} `);
    expect(get.body.length).toBe(Number(get.length));
    expect({ ...head, length: "" }).toEqual({ ...get, length: "", body: "" });
    expect(Number(head.length)).toBeGreaterThan(0);
  }
});

it.each(["POST", "OPTIONS", "DELETE"])("takes no %s, and says what it takes", async (method) => {
  const { url } = await health();
  for (const at of [url, (await playground(url)).url]) {
    const { status, headers } = partsOf(await ask(at, `${method} /healthz HTTP/1.1`));
    expect(status).toMatch("HTTP/1.1 405 ");
    expect(headers).toContain("allow: GET, HEAD");
  }
});

it("answers 500 and goes on when it cannot say how it is", async () => {
  const faults: readonly string[] = new Proxy([], {
    get: () => {
      throw new Error("no");
    },
  });
  const { url } = await health("127.0.0.1", faults);
  expect(partsOf(await ask(url, "GET /readyz HTTP/1.1")).status).toMatch("HTTP/1.1 500 ");
  expect(partsOf(await ask(url, "GET /healthz HTTP/1.1")).status).toMatch("HTTP/1.1 200 ");
});
