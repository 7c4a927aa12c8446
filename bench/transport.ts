/** The same bare signed read by what lies below fetch, and by fetch: how much of a call is the transport's choice. */
import { Agent, get, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { request } from "undici";
import { bareCall, bareData, bareHeaders, POSITION } from "./bare.ts";
import { alternate, type Pair, timed } from "./measure.ts";
import type { Stub } from "./stub.ts";

const TIMES = { warmUp: 200, rounds: 1000 };

async function byRequest(base: string): Promise<unknown> {
  const { body } = await request(base + POSITION, { headers: bareHeaders("GET", POSITION) });
  return bareData(await body.json());
}

async function byHttp(base: string, agent: Agent): Promise<unknown> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(base + POSITION, { agent, headers: bareHeaders("GET", POSITION) }, resolve).once("error", reject);
  });
  return bareData(JSON.parse(await text(response)));
}

function besideFetch(stub: Stub, call: () => Promise<unknown>): Promise<Pair> {
  return alternate(
    TIMES,
    () => timed(call),
    () => timed(() => bareCall(stub.bitget, "GET", POSITION)),
  );
}

/** undici's own call, which fetch is built upon. */
export function measureRequest(stub: Stub): Promise<Pair> {
  return besideFetch(stub, () => byRequest(stub.bitget));
}

/** Node's older client. */
export async function measureHttp(stub: Stub): Promise<Pair> {
  const agent = new Agent({ keepAlive: true });
  const pair = await besideFetch(stub, () => byHttp(stub.bitget, agent));
  agent.destroy();
  return pair;
}
