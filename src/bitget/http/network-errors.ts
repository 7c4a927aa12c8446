/** What a thrown network error means. The error itself goes no further: it carries the request with its key. */

/** Raised by resolving a name or opening a socket: a system call that comes before the first byte. */
const OPENING_CALLS = new Set(["connect", "getaddrinfo"]);
const OPENING_FAULTS = new Set([
  "ENOTFOUND",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EADDRNOTAVAIL",
  "ETIMEDOUT",
]);

/**
 * Raised by the check of the server's certificate, which Node makes before it hands the socket over; and the connect
 * timeout of Node's HTTP client. Other failures of TLS may come after the first byte and are therefore not listed.
 * Source: https://nodejs.org/api/tls.html#x509-certificate-error-codes
 */
const CONNECT_FAULTS = new Set([
  "UND_ERR_CONNECT_TIMEOUT",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "CERT_CHAIN_TOO_LONG",
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "CERT_REJECTED",
  "CERT_REVOKED",
  "CERT_SIGNATURE_FAILURE",
  "CERT_UNTRUSTED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "HOSTNAME_MISMATCH",
  "INVALID_CA",
  "INVALID_PURPOSE",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

const CAUSES_MAX = 5;
const FAULT_WORD = /^[A-Z][A-Z0-9_]{1,60}$/;

/** Each error of the chain of causes, the outermost first. */
function causes(error: unknown): Record<string, unknown>[] {
  const chain: Record<string, unknown>[] = [];
  let link = error;
  while (typeof link === "object" && link !== null && chain.length < CAUSES_MAX) {
    chain.push(link as Record<string, unknown>);
    link = (link as { cause?: unknown }).cause;
  }
  return chain;
}

/** A short word for what broke (`ECONNRESET`), safe to store and to show. */
export function networkFaultOf(error: unknown): string {
  const code = causes(error).findLast((link) => typeof link["code"] === "string")?.["code"];
  return typeof code === "string" && FAULT_WORD.test(code) ? code : "network";
}

/** True when the failure proves that no byte of the request left this machine. In doubt it is false. */
export function neverSent(error: unknown): boolean {
  const root = causes(error).at(-1);
  if (root === undefined) return false;
  // Several addresses were tried at once: each of them must have failed to open.
  const attempts = root["errors"];
  if (Array.isArray(attempts)) return attempts.length > 0 && attempts.every(neverSent);
  const { code, syscall } = root;
  if (typeof code !== "string") return false;
  return CONNECT_FAULTS.has(code) || (OPENING_FAULTS.has(code) && OPENING_CALLS.has(String(syscall)));
}
