import { describe, expect, it } from "vitest";
import { networkFaultOf, neverSent } from "../../../src/bitget/http/network-errors.ts";

const system = (code: string, syscall: string) => Object.assign(new Error("secret text"), { code, syscall });
const coded = (code: string) => Object.assign(new Error("secret text"), { code });
/** As ofetch and fetch wrap it. */
const wrapped = (cause: Error) => new Error("[POST] outer", { cause: new TypeError("fetch failed", { cause }) });

const NEVER_SENT: [string, Error][] = [
  ["a name that does not resolve", system("ENOTFOUND", "getaddrinfo")],
  ["a resolver that does not answer", system("EAI_AGAIN", "getaddrinfo")],
  ["a refused connection", system("ECONNREFUSED", "connect")],
  ["an unreachable host", system("EHOSTUNREACH", "connect")],
  ["an unreachable network", system("ENETUNREACH", "connect")],
  ["a connect timeout of the system", system("ETIMEDOUT", "connect")],
  ["a connect timeout of the client", coded("UND_ERR_CONNECT_TIMEOUT")],
  ["a certificate for another name", coded("ERR_TLS_CERT_ALTNAME_INVALID")],
  ["a self-signed certificate", coded("DEPTH_ZERO_SELF_SIGNED_CERT")],
  ["an expired certificate", coded("CERT_HAS_EXPIRED")],
  [
    "two addresses that both fail to open",
    new AggregateError([system("ECONNREFUSED", "connect"), system("ETIMEDOUT", "connect")]),
  ],
];

const PERHAPS_SENT: [string, unknown][] = [
  ["a reset", system("ECONNRESET", "read")],
  ["a reset while connecting", system("ECONNRESET", "connect")],
  ["a broken pipe", system("EPIPE", "write")],
  ["a timeout while reading", system("ETIMEDOUT", "read")],
  ["a host that becomes unreachable while reading", system("EHOSTUNREACH", "read")],
  ["a closed socket", coded("UND_ERR_SOCKET")],
  ["a timeout of the headers", coded("UND_ERR_HEADERS_TIMEOUT")],
  ["a TLS alert, which may follow the request", coded("ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE")],
  ["an abort", new DOMException("aborted", "AbortError")],
  ["an error without a code", new Error("bad port")],
  [
    "two addresses of which one was reset",
    new AggregateError([system("ECONNREFUSED", "connect"), system("ECONNRESET", "read")]),
  ],
  ["no attempts at all", new AggregateError([])],
];

describe("a network error", () => {
  it.each(NEVER_SENT)("proves that nothing was sent: %s", (_name, error) => {
    expect(neverSent(wrapped(error))).toBe(true);
  });

  it.each(PERHAPS_SENT)("proves nothing: %s", (_name, error) => {
    expect(neverSent(wrapped(error as Error))).toBe(false);
  });

  it.each([undefined, null, "ECONNREFUSED", 7])("proves nothing when it is %j", (thrown) => {
    expect(neverSent(thrown)).toBe(false);
    expect(networkFaultOf(thrown)).toBe("network");
  });

  it("is told as one word, never with its text", () => {
    expect(networkFaultOf(wrapped(coded("UND_ERR_SOCKET")))).toBe("UND_ERR_SOCKET");
    expect(networkFaultOf(wrapped(coded("a code with secret text")))).toBe("network");
    expect(networkFaultOf(wrapped(new Error("secret text")))).toBe("network");
  });
});
