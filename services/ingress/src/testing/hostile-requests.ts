import fc from "fast-check";

/** A request as it should be. */
export interface GoodRequest {
  readonly target: string;
  readonly body: string;
}

const METHODS = [
  "GET",
  "POST",
  "HEAD",
  "PUT",
  "OPTIONS",
  "CONNECT",
  "TRACE",
  "PRI",
  "get",
  "M-SEARCH",
  "",
  "\0",
];
const TARGETS = [
  ...[
    "/",
    "*",
    "/health",
    "/ready",
    "/wecom/callback",
    "/wecom/callback/",
    "/wecom//callback",
    "/WECOM/CALLBACK",
  ],
  ...[
    "/wecom/callback?",
    "/wecom/callback?%",
    "/wecom/callback?a=%zz&timestamp",
    "/wecom/callback?nonce=1&nonce=2",
    "/wecom/callback?msg_signature=a&timestamp=1&nonce=1&echostr=A",
  ],
  ...[
    "//example.com",
    "http://example.com/health",
    "http://",
    "?",
    "#",
    "/%",
    "/%ff",
    "/\0",
    "/é",
    "/..",
    "health",
    "",
  ],
  ...[
    "/agent/callback/",
    "/agent/callback/..%2f",
    `/agent/callback/${"A".repeat(32)}`,
    "example.com:443",
    "/a b",
  ],
];
const VERSIONS = [
  "HTTP/1.1",
  "HTTP/1.1",
  "HTTP/1.0",
  "HTTP/2.0",
  "HTTP/0.9",
  "HTTP/1.9",
  "http/1.1",
  "",
  "RTSP/1.0",
];
const HEADERS = [
  ...[
    "Connection: close",
    "Connection: keep-alive",
    "Connection: upgrade",
    "Upgrade: websocket",
    "Upgrade: h2c",
  ],
  ...[
    "Expect: 100-continue",
    "Expect: the worst",
    "Content-Encoding: gzip",
    "Content-Encoding: identity",
    "Host:",
  ],
  ...[
    "Content-Length: 0",
    "Content-Length: 5",
    "Content-Length: -1",
    "Content-Length: 1e3",
    "Content-Length: 0x10",
  ],
  ...[
    "Content-Length: 70000",
    "Content-Length: 99999999999999999999",
    "Content-Length: 3, 3",
    "Content-Length:",
  ],
  ...[
    "Transfer-Encoding: chunked",
    "Transfer-Encoding: gzip, chunked",
    "Transfer-Encoding: chunked, identity",
  ],
  ...[
    "Transfer-Encoding : chunked",
    "Transfer-Encoding:\tchunked",
    "transfer-encoding: CHUNKED",
    " folded: line",
  ],
  ...[
    "__proto__: 1",
    "X: \0",
    "X: \x7f",
    "X: é",
    ": nothing",
    "no colon",
    "X:\r",
    "Cookie: a=1",
    "Trailer: X",
  ],
  ...["X-Forwarded-For: 1", "X-Gateway-Timestamp: 1", "X-Gateway-Signature: v1=00", "Content-Type: \u202e"],
];
const LINE_ENDS = ["\r\n", "\r\n", "\r\n", "\n", "\r", "\r\r\n", "\0"];

const binary = (text: string) => Buffer.from(text, "latin1");
const bytes = fc.uint8Array({ maxLength: 64 }).map((any) => Buffer.from(any));
const filler = fc.constantFrom(100, 9000, 70_000, 1_200_000).map((size) => Buffer.alloc(size, "x"));

/** What a body may be framed as: as it is, in chunks, in chunks that are not quite. */
function framed(body: Buffer) {
  const size = body.length.toString(16);
  const chunked = (length: string, end: string, last: string) =>
    Buffer.concat([binary(`${length}\r\n`), body, binary(`${end}${last}`)]);
  return fc.oneof(
    { arbitrary: fc.constant({ head: `Content-Length: ${body.length}`, body }), weight: 12 },
    fc.integer({ min: -3, max: 3 }).map((off) => ({ head: `Content-Length: ${body.length + off}`, body })),
    fc
      .tuple(
        fc.constantFrom(
          size,
          `0${size}`,
          `${size};a=b`,
          `${size};${"e".repeat(20_000)}`,
          "-1",
          "ffffffffffffffff",
          "g",
          "",
        ),
        fc.constantFrom("\r\n", "\n", ""),
        fc.constantFrom(
          "0\r\n\r\n",
          "0\r\nX: 1\r\n\r\n",
          `0\r\nX: ${"x".repeat(9000)}\r\n\r\n`,
          "0\r\n",
          "",
          "0\r\n\0",
        ),
      )
      .map(([length, end, last]) => ({
        head: "Transfer-Encoding: chunked",
        body: chunked(length, end, last),
      })),
    fc.constantFrom("", "Transfer-Encoding: chunked\r\nContent-Length: 5").map((head) => ({ head, body })),
  );
}

/** Some requests are as they should be, most are nearly: what is broken at its first word says little. */
function request(good: fc.Arbitrary<GoodRequest>): fc.Arbitrary<Buffer> {
  const often = <Value>(value: fc.Arbitrary<Value>, odd: fc.Arbitrary<Value>) =>
    fc.oneof({ arbitrary: value, weight: 14 }, { arbitrary: odd, weight: 1 });
  return good.chain(({ target, body }) =>
    fc
      .record({
        method: often(fc.constant("POST"), fc.constantFrom(...METHODS)),
        target: often(fc.constant(target), fc.constantFrom(...TARGETS, `/${"long".repeat(5000)}`)),
        version: often(fc.constant("HTTP/1.1"), fc.constantFrom(...VERSIONS)),
        host: often(fc.constant("Host: a"), fc.constantFrom("", "Host: a\r\nHost: b")),
        headers: often(
          fc.constant<string[]>([]),
          fc.array(fc.constantFrom(...HEADERS, `X: ${"y".repeat(9000)}`), { maxLength: 3 }),
        ),
        end: often(fc.constant("\r\n"), fc.constantFrom(...LINE_ENDS)),
        content: often(fc.constant(binary(body)), fc.oneof(bytes, filler)).chain(framed),
      })
      .map(({ method, target: place, version, host, headers, end, content }) => {
        const lines = [`${method} ${place} ${version}`, host, ...headers, content.head].filter(
          (line) => line !== "",
        );
        return Buffer.concat([binary(lines.map((line) => line + end).join("") + end), content.body]);
      }),
  );
}

/** What one connection says, and how it comes: a stream cut anywhere, that ends or just stops. */
export interface HostileConnection {
  readonly parts: readonly Buffer[];
  readonly end: "half-closed" | "left open" | "reset";
}

export function hostileConnection(good: fc.Arbitrary<GoodRequest>): fc.Arbitrary<HostileConnection> {
  const said = fc.array(
    fc.oneof(
      { arbitrary: request(good), weight: 12 },
      { arbitrary: bytes, weight: 1 },
      {
        arbitrary: fc.constantFrom(
          binary("\r\n"),
          binary("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
          Buffer.from([0x16, 3, 1, 2, 0, 1]),
        ),
        weight: 1,
      },
    ),
    { minLength: 1, maxLength: 4, size: "max" },
  );
  const cuts = fc.array(fc.nat(), { maxLength: 6 });
  const end = fc.constantFrom("half-closed" as const, "left open" as const, "reset" as const);
  return fc
    .record({
      said,
      cuts,
      end,
      lost: fc.oneof({ arbitrary: fc.constant(0), weight: 4 }, { arbitrary: fc.nat(200), weight: 1 }),
    })
    .map((one) => {
      const whole = Buffer.concat(one.said);
      const kept = whole.subarray(0, Math.max(whole.length - one.lost, 0));
      const places = [...new Set(one.cuts.map((cut) => cut % (kept.length + 1)))].sort((a, b) => a - b);
      const parts = [0, ...places].map((from, index) => kept.subarray(from, places[index] ?? kept.length));
      return { parts: parts.filter(({ length }) => length > 0), end: one.end };
    });
}
