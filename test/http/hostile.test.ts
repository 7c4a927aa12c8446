/** What comes in by HTTP ends no process and stops no server, whatever it is. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { speak, statusOf, watchProcess } from "../support/raw-http.ts";
import { NASTY, talk, UNPARSABLE } from "./nasty.ts";
import { playground, SERVERS, type Served } from "./servers.ts";

const SEED = 20_261_122;
const RUNS = 200;

/** The statuses of what should work. */
async function answers({ url, paths }: Served): Promise<number[]> {
  return Promise.all(paths.map((path) => statusOf(url, `GET ${path} HTTP/1.1`)));
}

const well = ({ paths }: Served) => paths.map(() => 200);

it.each(SERVERS)("survives requests that nobody should send: %s", async (_name, start) => {
  const served = await start();
  const faults = watchProcess();
  for (const bytes of NASTY) await speak(served.url, bytes, "finish");
  for (const bytes of NASTY) await speak(served.url, bytes, "reset");
  expect(await answers(served)).toEqual(well(served));
  expect(faults).toEqual([]);
});

it.each(SERVERS)("survives whatever bytes come: %s", async (_name, start) => {
  const served = await start();
  const faults = watchProcess();
  await fc.assert(
    fc.asyncProperty(talk, fc.constantFrom("finish", "reset"), async (bytes, ending) => {
      await speak(served.url, bytes, ending);
      expect(await statusOf(served.url, `GET ${served.paths[0]} HTTP/1.1`)).toBe(200);
      expect(faults).toEqual([]);
    }),
    { seed: SEED, numRuns: RUNS },
  );
  expect(await answers(served)).toEqual(well(served));
});

it.each(SERVERS)("answers 400 to what cannot be read as an address: %s", async (_name, start) => {
  const { url } = await start();
  watchProcess();
  const seen = await Promise.all(UNPARSABLE.map((target) => statusOf(url, `GET ${target} HTTP/1.1`)));
  expect(seen).toEqual(UNPARSABLE.map(() => 400));
  expect(await statusOf(url, "GET / HTTP/1.1", ["Host: ["])).toBe(400);
});

it("answers 400 to a path of the Bot API that is no text", async () => {
  const { url } = await playground(undefined);
  expect(await statusOf(url, "GET /bot%zz/getMe HTTP/1.1")).toBe(400);
});

it.each(SERVERS)(
  "answers 431 to headers without end, and 417 to expectations it does not know: %s",
  async (_name, start) => {
    const { url, paths } = await start();
    const line = `GET ${paths[0]} HTTP/1.1`;
    expect(await statusOf(url, line, ["Host: localhost", `Cookie: ${"c".repeat(20_000)}`])).toBe(431);
    expect(await statusOf(url, line, ["Host: localhost", "Expect: a miracle"])).toBe(417);
  },
);
