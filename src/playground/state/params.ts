/** The parameters of a call, from whichever form they came in. */
import type { IncomingMessage } from "node:http";
import { badRequest, type Refusal } from "./bot-api-types.ts";

/** What a call carries. Values are text when they came in a query string or a form, anything when they came as JSON. */
export type Params = Record<string, unknown>;

const BODY_BYTES_MAX = 20 * 1024 * 1024;

/**
 * The parameters of one Bot API call: query string, JSON, urlencoded or multipart form, as section "Making requests"
 * allows. A file of a multipart form arrives as a `File`.
 */
export async function readParams(request: IncomingMessage, query: URLSearchParams): Promise<Params | Refusal> {
  const params: Params = Object.fromEntries(query);
  const body = await readBody(request, BODY_BYTES_MAX);
  if (body === undefined) return { ok: false, error_code: 413, description: "Request Entity Too Large" };
  if (body.length === 0) return params;
  const type = request.headers["content-type"] ?? "";
  try {
    if (type.startsWith("application/json")) return { ...params, ...parseObject(body.toString("utf8")) };
    const form = await new Response(new Uint8Array(body), { headers: { "content-type": type } }).formData();
    return { ...params, ...Object.fromEntries(form) };
  } catch {
    return badRequest("can't parse the body of the request");
  }
}

/** The whole body, or undefined when it is larger than `bytesMax`. */
export async function readBody(request: IncomingMessage, bytesMax: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // Read to the end all the same: hanging up in the middle would keep the caller from reading the refusal.
    if (bytes <= bytesMax) chunks.push(chunk);
  }
  return bytes > bytesMax ? undefined : Buffer.concat(chunks);
}

/** A text, or a number as text; empty when it is missing or something else. */
export function readText(params: Params, name: string): string {
  const value = params[name];
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

/** A whole number, given as a number or as text; undefined when it is missing or something else. */
export function readInteger(params: Params, name: string): number | undefined {
  const value = readText(params, name).trim();
  return /^-?\d{1,16}$/.test(value) ? Number(value) : undefined;
}

/** Whether it is set, in one of the ways in which clients say so. */
export function readFlag(params: Params, name: string): boolean {
  return params[name] === true || ["true", "True", "1"].includes(readText(params, name));
}

/** An object or a list, given as such or as JSON text; undefined when it is missing. */
export function readStructure(params: Params, name: string): object | undefined | Refusal {
  const value = params[name];
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value === "object") return value;
  try {
    const parsed: unknown = JSON.parse(String(value));
    if (typeof parsed === "object" && parsed !== null) return parsed;
  } catch {
    // Falls through: text that is no JSON is refused like JSON that is no object.
  }
  return badRequest(`can't parse ${name} JSON object`);
}

function parseObject(json: string): Params {
  const parsed: unknown = JSON.parse(json);
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) throw new Error("not a JSON object");
  return parsed as Params;
}
