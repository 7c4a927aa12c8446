/** Whom the playground answers: no page of the web, and no foreign host name. */
import type { IncomingMessage } from "node:http";

// As they stand in an address that was parsed.
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::(?:1|ffff:7f[\da-f]{2}:[\da-f]{1,4})\])$/;

/** Whether this names the machine itself. */
export function isLoopback(hostname: string): boolean {
  return LOOPBACK.test(hostname);
}

/** A host as it stands in a URL: an IPv6 address in brackets. */
export function bracketHost(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

/** A name or an address as it would stand in a URL. */
export function hostnameOf(host: string): string {
  return URL.parse(`http://${bracketHost(host)}`)?.hostname ?? host;
}

/**
 * Whether a request may reach the page. Any website can make a browser send requests to this machine, so a name that
 * is neither the machine's own nor `ownName` (DNS rebinding) and a request that another site began are turned away.
 */
export function isAllowed(request: IncomingMessage, url: URL, ownName: string): boolean {
  if (url.hostname !== ownName && !isLoopback(url.hostname)) return false;
  const site = request.headers["sec-fetch-site"];
  const { origin } = request.headers;
  if (request.method === "POST") return origin ? origin === url.origin : site === "same-origin";
  // A link on another site may open the page itself, but nothing below it.
  return url.pathname === "/" || site === undefined || site === "same-origin" || site === "none";
}

/** The Bot API is for bots: a website that guessed the token of a playground must not speak in the bot's name. */
export function isFromBrowser(request: IncomingMessage): boolean {
  return request.headers.origin !== undefined || request.headers["sec-fetch-site"] !== undefined;
}

/** Sent with whatever the page serves: nothing of it may be framed, cached or mixed with foreign code. */
export const PAGE_HEADERS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
};
