/** The page's port when the bot behind it dies, hangs or talks nonsense in the middle of an answer. */
import { type AddressInfo, createServer, type Socket } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { statusOf, watchProcess } from "../support/raw-http.ts";
import { health, playground } from "./servers.ts";

/** A bot that does this with every connection, once it was asked. */
async function bot(act: (socket: Socket) => void): Promise<string> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on("error", () => undefined);
    socket.once("data", () => act(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const ENDINGS: readonly (readonly [how: string, act: (socket: Socket) => void])[] = [
  ["hangs up", (socket) => socket.destroy()],
  ["is killed", (socket) => socket.resetAndDestroy()],
  [
    "is killed in the middle of an answer",
    (socket) => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", () => socket.resetAndDestroy()),
  ],
  ["hangs up in the middle of an answer", (socket) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")],
  [
    "breaks its chunks",
    (socket) => socket.end("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n"),
  ],
  ["speaks no HTTP", (socket) => socket.end("SSH-2.0-OpenSSH_9.7\r\n")],
  ["answers with an impossible status", (socket) => socket.end("HTTP/1.1 001 Eh\r\nContent-Length: 0\r\n\r\n")],
  ["never answers", () => undefined],
];

it.each(ENDINGS)("says that the bot is not running where it %s", async (_how, act) => {
  const faults = watchProcess();
  const { url } = await playground(await bot(act));
  const seen = [await statusOf(url, "GET /metrics HTTP/1.1"), await statusOf(url, "GET / HTTP/1.1")];
  expect({ seen, faults }).toEqual({ seen: [503, 200], faults: [] });
});

it("says so where there is none", async () => {
  const { url } = await playground(undefined);
  expect(await statusOf(url, "GET /metrics HTTP/1.1")).toBe(503);
});

it("does not follow a bot that leads elsewhere", async () => {
  const { url: other } = await health();
  const head = `HTTP/1.1 302 Found\r\nLocation: ${other}/metrics\r\nContent-Length: 0\r\n\r\n`;
  const { url } = await playground(await bot((socket) => socket.end(head)));
  expect(await statusOf(url, "GET /metrics HTTP/1.1")).toBe(503);
});
