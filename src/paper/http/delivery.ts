/** How an answer leaves: whole, or broken in the way a fault says. */
import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { createGzip } from "node:zlib";
import type { Fault } from "../faults/faults.ts";
import type { Envelope } from "../protocol/response.ts";

/** What goes out for a call. */
export interface Answer {
  readonly status: number;
  readonly envelope: Envelope;
}

const JSON_TYPE = { "content-type": "application/json;charset=UTF-8" };
const HTML_TYPE = { "content-type": "text/html;charset=UTF-8" };
const HTML_PAGE =
  "<!DOCTYPE html><html><head><title>One moment</title></head><body>Checking your browser</body></html>";
const BLANKS = Buffer.alloc(64 * 1024, " ");

/** Sends `answer`, or what `fault` makes of it. Throws when `closing` is aborted or the client goes away meanwhile. */
export async function deliver(
  response: ServerResponse,
  answer: Answer,
  fault: Fault | undefined,
  closing: AbortSignal,
): Promise<void> {
  switch (fault?.kind) {
    case "late":
      return;
    case "reset":
      response.socket?.resetAndDestroy();
      return;
    case "hang":
      return hang(response, fault.ms, closing);
    case "status":
      return send(response, fault.status, fault.body ?? "", { ...HTML_TYPE, ...fault.headers });
    case "html":
      return send(response, 200, HTML_PAGE, HTML_TYPE);
    case "json":
      return send(response, 200, fault.body, JSON_TYPE);
    case "empty":
      return send(response, 200, "", {});
    case "code": {
      const { code, msg, status = 400 } = fault;
      return send(response, status, JSON.stringify({ ...answer.envelope, code, msg, data: null }), JSON_TYPE);
    }
    case "edit":
      return send(response, answer.status, JSON.stringify(fault.edit(answer.envelope)), JSON_TYPE);
    case "truncated":
      return truncate(response, answer);
    case "drip":
      return drip(response, answer, fault, closing);
    case "huge":
      return flood(response, answer, fault, closing);
    default:
      return send(response, answer.status, JSON.stringify(answer.envelope), JSON_TYPE);
  }
}

function send(response: ServerResponse, status: number, body: string, headers: Readonly<Record<string, string>>): void {
  if (response.destroyed) return;
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) }).end(body);
}

async function hang(response: ServerResponse, ms: number | undefined, closing: AbortSignal): Promise<void> {
  if (ms === undefined) return;
  await sleep(ms, undefined, { signal: closing });
  response.socket?.destroy();
}

function truncate(response: ServerResponse, answer: Answer): void {
  const body = begin(response, answer);
  response.write(body.subarray(0, Math.ceil(body.length / 2)), () => response.socket?.destroy());
}

async function drip(
  response: ServerResponse,
  answer: Answer,
  { bytes, intervalMs }: Extract<Fault, { kind: "drip" }>,
  closing: AbortSignal,
): Promise<void> {
  const body = begin(response, answer);
  for (let at = 0; at < body.length && !response.destroyed; at += bytes) {
    await sleep(intervalMs, undefined, { signal: closing });
    response.write(body.subarray(at, at + bytes));
  }
  response.end();
}

async function flood(
  response: ServerResponse,
  answer: Answer,
  { bytes, gzip = false }: Extract<Fault, { kind: "huge" }>,
  closing: AbortSignal,
): Promise<void> {
  const body = Readable.from(behindBlanks(JSON.stringify(answer.envelope), bytes));
  response.writeHead(answer.status, { ...JSON_TYPE, ...(gzip ? { "content-encoding": "gzip" } : {}) });
  if (gzip) await pipeline(body, createGzip(), response, { signal: closing });
  else await pipeline(body, response, { signal: closing });
}

/** Blanks before JSON are lawful JSON: a reader without a limit reads them all. */
function* behindBlanks(body: string, bytes: number): Generator<Buffer> {
  for (let left = bytes; left > 0; left -= BLANKS.length) yield BLANKS.subarray(0, Math.min(left, BLANKS.length));
  yield Buffer.from(body);
}

/** Writes the headers of the whole answer and gives its body, for the caller to send as badly as it likes. */
function begin(response: ServerResponse, answer: Answer): Buffer {
  const body = Buffer.from(JSON.stringify(answer.envelope));
  response.writeHead(answer.status, { ...JSON_TYPE, "content-length": body.length });
  return body;
}
