/** Under which names the servers answer: a page on the web can point a name of its own at this machine. */
import { networkInterfaces } from "node:os";
import { expect, it } from "vitest";
import { statusOf } from "../support/raw-http.ts";
import { playground, SERVERS } from "./servers.ts";

const FOREIGN = [
  "evil.example",
  "evil.example:8790",
  "localhost.evil.example",
  "127.0.0.1.evil.example",
  "evil.example.",
  "192.168.1.5:8790",
  "0.0.0.0",
  "[::2]",
  "127.0.0.1@evil.example",
];
const OWN = ["127.0.0.1", "127.0.0.1:1", "localhost", "LOCALHOST:8790", "127.8.9.10", "[::1]", "[::1]:8790"];
const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === "::1"));

it.each(SERVERS)("refuses a foreign name on a loopback address: %s", async (_name, start) => {
  const { url, paths } = await start();
  for (const path of [...paths, "/nothing"]) {
    const seen = await Promise.all(FOREIGN.map((host) => statusOf(url, `GET ${path} HTTP/1.1`, [`Host: ${host}`])));
    expect(seen).toEqual(FOREIGN.map(() => 403));
  }
  expect(await statusOf(url, `GET http://evil.example${paths[0]} HTTP/1.1`)).toBe(403);
  const disguised = [`//localhost${paths[0]}`, `/\\localhost${paths[0]}`, `/@localhost${paths[0]}`];
  const seen = await Promise.all(
    disguised.map((target) => statusOf(url, `GET ${target} HTTP/1.1`, ["Host: evil.example"])),
  );
  expect(seen).toEqual([400, 403, 403]);
});

it.each(SERVERS)(
  "answers under every name of the loopback, and an old client that names none: %s",
  async (_name, start) => {
    const { url, paths } = await start();
    for (const path of paths) {
      const seen = await Promise.all(OWN.map((host) => statusOf(url, `GET ${path} HTTP/1.1`, [`Host: ${host}`])));
      expect(seen).toEqual(OWN.map(() => 200));
      expect(await statusOf(url, `GET ${path} HTTP/1.0`, [])).toBe(200);
    }
  },
);

it.each(SERVERS)("listens on localhost by name: %s", async (_name, start) => {
  const { url, paths } = await start("localhost");
  expect(await statusOf(url, `GET ${paths[0]} HTTP/1.1`)).toBe(200);
  expect(await statusOf(url, `GET ${paths[0]} HTTP/1.1`, ["Host: evil.example"])).toBe(403);
});

it.skipIf(!hasIpv6).each(SERVERS)("listens on ::1 like on 127.0.0.1: %s", async (_name, start) => {
  const { url, paths } = await start("::1");
  expect(await statusOf(url, `GET ${paths[0]} HTTP/1.1`)).toBe(200);
  expect(await statusOf(url, `GET ${paths[0]} HTTP/1.1`, ["Host: evil.example"])).toBe(403);
});

it.each(SERVERS)("answers under any name where others may ask, proxies and monitors: %s", async (_name, start) => {
  const { url, paths } = await start("0.0.0.0");
  for (const host of ["bot.internal:8790", "margin_bot", "evil.example"]) {
    expect(await statusOf(url, `GET ${paths[0]} HTTP/1.1`, [`Host: ${host}`])).toBe(200);
  }
});

it("keeps the page to this machine's names and its own even where others may call the Bot API", async () => {
  const { url } = await playground(undefined, "0.0.0.0");
  for (const path of ["/", "/playground/state"]) {
    expect(await statusOf(url, `GET ${path} HTTP/1.1`, ["Host: playground:8790"])).toBe(403);
    expect(await statusOf(url, `GET ${path} HTTP/1.1`, ["Host: localhost:8790"])).toBe(200);
    expect(await statusOf(url, `GET ${path} HTTP/1.1`, ["Host: 0.0.0.0:8790"])).toBe(200);
  }
});
