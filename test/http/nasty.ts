/** Requests that nobody should send, as bytes: a list of the known ones, and a way to make up more. */
import fc from "fast-check";
import { TOKEN } from "./servers.ts";

/** What stands where a path should, and cannot be read as an address. */
export const UNPARSABLE = ["//", "//[", "http://[", "http://", "http://127.0.0.1:99999/healthz", "///", "http://a b/"];

const TARGETS = [
  ...UNPARSABLE,
  "/healthz",
  "/metrics",
  "/playground/events",
  "/playground/state",
  "/playground/file?chat=1001&message=1",
  "/playground/say",
  "/playground/press",
  "/api/v2/mix/account/set-margin",
  "/api/v2/mix/account/bill?limit=%zz&symbol=%ff",
  `/bot${TOKEN}/getMe`,
  `/bot${TOKEN}/getUpdates?timeout=50`,
  `/bot${TOKEN}/sendMessage?chat_id=1001&text=%ED%A0%80`,
  `/bot${TOKEN}/__proto__`,
  "/bot%zz/getMe",
  "/bot%ff/%c0%af",
  "/%00%0d%0a",
  "/../../etc/passwd",
  "/\\evil",
  "*",
  "127.0.0.1:80",
  "http://evil.example/healthz",
  "javascript://x",
  `/${"a".repeat(9000)}`,
];
const METHODS = ["GET", "HEAD", "POST", "PUT", "OPTIONS", "TRACE", "CONNECT", "QUERY", "M-SEARCH", "get", "GÉT", ""];
const VERSIONS = ["HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "HTTP/0.9", "HTTP/9.9", "HTCPCP/1.0", ""];
/** Headers that arrive: each is lawful by itself. */
const LAWFUL = [
  "Host: evil.example",
  "Host:",
  "Connection: close",
  "Connection: upgrade\r\nUpgrade: websocket",
  "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA",
  "Expect: 100-continue",
  "Expect: a miracle",
  "Content-Length: 5",
  "Transfer-Encoding: chunked",
  "Content-Type: application/json",
  "Content-Type: multipart/form-data; boundary=x",
  "Content-Type: multipart/form-data",
  "Content-Type: \u00ff",
  "Content-Encoding: gzip",
  "Origin: http://localhost",
  "Sec-Fetch-Site: same-origin",
  "ACCESS-KEY: key\r\nACCESS-SIGN: x\r\nACCESS-TIMESTAMP: 99999999999999999999\r\nACCESS-PASSPHRASE: \u00ff",
  "__proto__: x",
];
const BROKEN = [
  "Host: [",
  "Content-Length: -1",
  "Content-Length: 99999999999999999999",
  "Content-Length: 5\r\nContent-Length: 6",
  "Transfer-Encoding: chunked\r\nContent-Length: 5",
  "Transfer-Encoding: gzip, chunked",
  "Transfer-Encoding: nonsense",
  ": no name",
  "no colon",
  " folded",
  "Bad\u0000Name: x",
  `Cookie: ${"c".repeat(20_000)}`,
  "X: y\r\n".repeat(1500).trimEnd(),
];
const BODIES = [
  "",
  "hello",
  "5\r\nhello\r\n0\r\n\r\n",
  "zz\r\nhello\r\n",
  "ffffffffffffffffff\r\n",
  "5\r\nhelloworld\r\n0\r\n\r\n",
  "5;ext=\u0000\r\nhello\r\n0\r\nTrailer: x\r\n\r\n",
  '{"person":1001,"chat":1001,"text":"\\ud800"}',
  "[".repeat(30_000),
  '--x\r\nContent-Disposition: form-data; name="a"; filename="\u00ff"\r\n\r\n',
];

const GET = "HTTP/1.1\r\nHost: localhost\r\n\r\n";

/** The known ones, each for a connection of its own. */
export const NASTY: readonly string[] = [
  ...TARGETS.flatMap((target) => ["GET", "POST", "HEAD"].map((method) => `${method} ${target} ${GET}`)),
  ...METHODS.map((method) => `${method} /healthz ${GET}`),
  ...VERSIONS.map((version) => `GET /healthz ${version}\r\nHost: localhost\r\n\r\n`),
  ...[...LAWFUL, ...BROKEN].flatMap((header) =>
    BODIES.map((body) => `POST / HTTP/1.1\r\nHost: localhost\r\n${header}\r\n\r\n${body}`),
  ),
  "",
  "\r\n\r\n\r\n",
  "\u0016\u0003\u0001\u0002\u0000\u0001\u0000",
  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  `GET /healthz ${GET}`.repeat(50),
  `GET /playground/events ${GET}`.repeat(50),
];

const noise = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString("latin1"));
const rarely = <T>(usual: fc.Arbitrary<T>, rare: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 5, arbitrary: usual }, { weight: 1, arbitrary: rare });
const target = fc.oneof(
  fc.constantFrom(...TARGETS),
  fc.string({ maxLength: 40 }).map((end) => `/${end}`),
  fc.webUrl({ withQueryParameters: true }),
);
const request = fc
  .record({
    method: rarely(fc.constantFrom("GET", "POST", "HEAD"), fc.constantFrom(...METHODS)),
    target: rarely(target, fc.string({ maxLength: 40 })),
    version: rarely(fc.constantFrom("HTTP/1.1", "HTTP/1.0"), fc.constantFrom(...VERSIONS)),
    headers: fc.array(rarely(fc.constantFrom(...LAWFUL), fc.oneof(fc.constantFrom(...BROKEN), noise)), {
      maxLength: 4,
    }),
    body: rarely(fc.constantFrom(...BODIES), noise),
  })
  .map(({ method, target, version, headers, body }) =>
    [`${method} ${target} ${version}`, "Host: localhost", ...headers, "", body].join("\r\n"),
  );

/** One to three requests on one connection, whole or broken off anywhere; sometimes no request at all. */
export const talk: fc.Arbitrary<string> = fc
  .tuple(
    rarely(
      fc.array(request, { minLength: 1, maxLength: 3 }).map((all) => all.join("")),
      noise,
    ),
    rarely(fc.constant(100), fc.nat(100)),
  )
  .map(([bytes, percent]) => bytes.slice(0, Math.floor((bytes.length * percent) / 100)));
