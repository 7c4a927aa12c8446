import type { IncomingMessage } from "node:http";

/**
 * Whether a request may reach the page. Any website can make a browser send requests to this machine, so a name that
 * is not the machine's own (DNS rebinding) and a request that another site began are turned away.
 */
export function isAllowed(request: IncomingMessage, path: string): boolean {
  const host = request.headers.host ?? "";
  if (!/^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(:\d{1,5})?$/i.test(host)) return false;
  const site = request.headers["sec-fetch-site"];
  const { origin } = request.headers;
  if (request.method === "POST") return origin ? origin === `http://${host}` : site === "same-origin";
  // A link on another site may open the page itself, but nothing below it.
  return path === "/" || site === undefined || site === "same-origin" || site === "none";
}

/** The Bot API is for bots: a website that guessed the token of a playground must not speak in the bot's name. */
export function isFromBrowser(request: IncomingMessage): boolean {
  return request.headers.origin !== undefined || request.headers["sec-fetch-site"] !== undefined;
}

export const pageHeaders = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
};
