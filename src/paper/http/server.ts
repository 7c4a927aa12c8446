/** The exchange over HTTP: reads calls, lets tests hold and break them, sends answers. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Faults, StruckFault } from "../faults/faults.ts";
import type { Holds } from "../faults/holds.ts";
import type { Call } from "../protocol/request.ts";
import { envelopeOf, refusal, success } from "../protocol/response.ts";
import { type Answer, deliver } from "./delivery.ts";
import type { CallRecord, Dispatcher } from "./dispatch.ts";
import { listen } from "./listener.ts";

export interface PaperServer {
  readonly url: string;
  /** Ends every connection; calls that still wait for something are dropped, not handled. */
  close(): Promise<void>;
}

export interface ServerOptions {
  readonly host: string;
  readonly port: number;
  readonly dispatcher: Dispatcher;
  readonly faults: Faults;
  readonly holds: Holds;
  readonly clock: () => number;
}

const BODY_BYTES_MAX = 64 * 1024;

/** Listens before it returns. Throws when the port is taken. */
export async function startServer(options: ServerOptions): Promise<PaperServer> {
  const closing = new AbortController();
  const { url, close } = await listen(options.host, options.port, (request, response) =>
    serve(request, response, options, closing.signal),
  );
  return {
    url,
    close: () => {
      closing.abort();
      options.holds.releaseAll();
      return close();
    },
  };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  options: ServerOptions,
  closing: AbortSignal,
): Promise<void> {
  const { dispatcher, faults, holds, clock } = options;
  const body = await readBody(request);
  if (body === undefined) {
    const tooLarge = refusal("40020", "Request body too large", 413);
    response.setHeader("connection", "close");
    return deliver(response, { status: 413, envelope: envelopeOf(tooLarge, clock()) }, undefined, closing);
  }
  const call = callOf(request, body);
  const record = dispatcher.record(call);
  await holds.pass("before", call.method, call.path);
  closing.throwIfAborted();
  const fault = faults.take(call.method, call.path);
  const answer = await handle(call, record, fault, options, closing);
  await holds.pass("after", call.method, call.path);
  closing.throwIfAborted();
  await deliver(response, answer, fault?.how, closing);
}

/** Has the call handled as often as the fault allows: not at all, once, late, or twice. */
async function handle(
  call: Call,
  record: CallRecord,
  fault: StruckFault | undefined,
  { dispatcher, clock }: ServerOptions,
  closing: AbortSignal,
): Promise<Answer> {
  const kind = fault?.how.kind;
  if (fault?.how.kind === "late") await sleep(fault.how.ms, undefined, { signal: closing });
  if (kind === "duplicate") dispatcher.handle(call, record);
  const isHandled = fault === undefined || fault.when === "after" || ["late", "duplicate", "edit"].includes(`${kind}`);
  return isHandled ? dispatcher.handle(call, record) : { status: 200, envelope: envelopeOf(success(""), clock()) };
}

/** Undefined when the body is longer than any lawful one. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= BODY_BYTES_MAX) chunks.push(chunk);
  }
  return length <= BODY_BYTES_MAX ? Buffer.concat(chunks) : undefined;
}

function callOf(request: IncomingMessage, body: Buffer): Call {
  const [path = "", ...query] = (request.url ?? "").split("?");
  return { method: request.method ?? "", path, query: query.join("?"), headers: request.headers, body };
}
