import { once } from "node:events";
import type { Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { WecomApi } from "./api.ts";
import { createApi } from "./api.ts";
import { createDirectoryCalls } from "./directory.ts";
import { WecomError } from "./errors.ts";
import { fetchToken } from "./fetch-token.ts";
import { ACCESS_TOKEN_LIMIT_BYTES } from "./limits.ts";
import { createMediaUpload } from "./media-upload.ts";
import { createMessageCalls } from "./messages.ts";
import type { Transport } from "./transport.ts";
import { createTransport } from "./transport.ts";

/** A proxy's page, somebody's words, a token: whatever the other side says is no part of an error. */
const WORDS = "what-the-other-side-said";
const SECRET = "secret-of-the-app";
const app = { corpId: "ww1", agentId: "2", corpSecret: SECRET };

const values: unknown[] = [
  ...[
    null,
    0,
    -1,
    1.5,
    1e300,
    7200,
    "7200",
    true,
    "",
    WORDS,
    "\u0000\ud800",
    "x".repeat(2000),
    [],
    {},
    [7200],
  ],
  ...[{ toString: 1, valueOf: 1 }, ["a", null], JSON.parse('{"__proto__":{"errcode":0}}')],
];
const odd = fc.constantFrom(...values);
const mostly = (right: unknown) =>
  fc.oneof({ arbitrary: fc.constant(right), weight: 4 }, { arbitrary: odd, weight: 1 });
const errcodes = fc.constantFrom<unknown[]>(
  0,
  0,
  0,
  0,
  "0",
  40014,
  42001,
  45009,
  45033,
  60020,
  81013,
  -1,
  40001,
  1e9,
  1.5,
  null,
  {},
);
const answer = fc.record(
  {
    errcode: errcodes,
    errmsg: mostly(`hint: [1700000000_1_a], from ip: 10.0.0.1, more info ${WORDS}`),
    access_token: mostly("token-of-the-app"),
    expires_in: mostly(7200),
    msgid: mostly("m-1"),
    invaliduser: mostly("a|b"),
    invalidparty: mostly(""),
    response_code: mostly("r-1"),
    media_id: mostly("media-1"),
    created_at: mostly("1700000000"),
    userid: mostly("zhangsan"),
    department: mostly([1, 2]),
    status: mostly(1),
    allow_userinfos: mostly({ user: [{ userid: "a" }] }),
    allow_partys: odd,
    ip_list: mostly(["10.0.0.1"]),
  },
  { requiredKeys: [] },
);
const body = fc.oneof(
  { arbitrary: answer.map((said) => Buffer.from(JSON.stringify(said))), weight: 12 },
  {
    arbitrary: fc
      .constantFrom(
        "",
        "null",
        "[]",
        "7",
        `<html>${WORDS}</html>`,
        "[".repeat(50_000),
        "\ufeff{}",
        `{"${WORDS}`,
      )
      .map((said) => Buffer.from(said)),
    weight: 2,
  },
  { arbitrary: fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)), weight: 1 },
);
const response = fc.record({
  body,
  status: fc.oneof(
    { arbitrary: fc.constant(200), weight: 10 },
    { arbitrary: fc.constantFrom(204, 206, 302, 401, 404, 413, 429, 500, 502, 503), weight: 1 },
  ),
  headers: fc.constantFrom<Record<string, string>[]>(
    {},
    {},
    { "content-encoding": "gzip" },
    { location: `https://${WORDS}.example` },
    { "retry-after": WORDS },
  ),
  /** Where it breaks off. */
  cutAt: fc.oneof({ arbitrary: fc.constant(undefined), weight: 10 }, { arbitrary: fc.nat(30), weight: 1 }),
});
type Said = typeof response extends fc.Arbitrary<infer One> ? One : never;

describe("answers of WeCom, or of whatever stands in its place", () => {
  let said: Said;
  let server: Server;
  let transport: Transport;
  let api: WecomApi;
  beforeAll(async () => {
    server = createServer((request, reply) => {
      request.resume().on("end", () => {
        reply.writeHead(said.status, {
          ...said.headers,
          ...(said.status === 204 ? {} : { "content-length": said.body.length }),
        });
        if (said.cutAt === undefined || said.cutAt >= said.body.length) reply.end(said.body);
        else reply.write(said.body.subarray(0, said.cutAt), () => reply.destroy());
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    transport = createTransport({ baseUrl, proxyUrl: undefined, timeoutMs: 5000, app: "ww1/2" });
    const tokens = {
      get: async () => "token-1",
      invalidate: async () => undefined,
      close: async () => undefined,
    };
    const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
    api = createApi({ app, transport, tokens, logger, timeoutMs: 5000 } as never);
  });
  afterAll(async () => {
    transport.close();
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });

  /** The result, or the failure: of the one kind that there is, and with nothing in it that the other side said. */
  async function outcome<Value>(call: Promise<Value>): Promise<Value | WecomError> {
    try {
      return await call;
    } catch (error) {
      expect(error).toBeInstanceOf(WecomError);
      const failure = error as WecomError;
      for (const hidden of [WORDS, SECRET, "token-1"])
        expect(`${failure.message} ${failure.stack} ${JSON.stringify(failure)}`).not.toContain(hidden);
      expect(failure.hint).not.toBe("");
      return failure;
    }
  }

  it("to a request for a token are a token that can be used for some time, or an error that says that nothing was sent", async () => {
    await fc.assert(
      fc.asyncProperty(response, async (one) => {
        said = one;
        const got = await outcome(fetchToken(transport, app, 5000));
        if (got instanceof WecomError) return expect(got.kind).not.toBe("unknown");
        expect(got.token).toMatch(/^[\x21-\x7e]+$/);
        expect(got.token.length).toBeLessThanOrEqual(ACCESS_TOKEN_LIMIT_BYTES);
        expect([got.lifeMs > 0, got.lifeMs <= 7_200_000, Number.isSafeInteger(got.lifeMs)]).toEqual([
          true,
          true,
          true,
        ]);
      }),
    );
  });

  it("to a message are its id and whom it did not reach, or an error", async () => {
    const { sendMessage } = createMessageCalls(api);
    const hello = { to: { users: ["zhangsan"] }, msgtype: "text" as const, text: { content: "x" } };
    await fc.assert(
      fc.asyncProperty(response, async (one) => {
        said = one;
        const got = await outcome(sendMessage(hello));
        if (got instanceof WecomError) {
          // Whoever did not understand the answer does not know whether the message is there.
          if (one.status === 200 && got.errcode === undefined) expect(got.kind).toBe("unknown");
          return;
        }
        expect(JSON.parse(one.body.toString("utf8")).errcode).toBe(0);
        expect([typeof got.msgId, ...got.invalidUsers.map((id) => typeof id)]).not.toContain("object");
      }),
    );
  });

  it("to every other call are of the types that they should be, or an error", async () => {
    const { getUser, getAgent, getCallbackIps } = createDirectoryCalls(api);
    const { uploadMedia } = createMediaUpload(api);
    const file = { type: "file" as const, filename: "a.txt", content: Buffer.from("12345678"), sizeBytes: 8 };
    await fc.assert(
      fc.asyncProperty(response, async (one) => {
        said = one;
        const user = await outcome(getUser("zhangsan"));
        if (!(user instanceof WecomError))
          expect([typeof user.userId, typeof user.name, typeof user.status]).toEqual([
            "string",
            "string",
            "number",
          ]);
        const agent = await outcome(getAgent());
        if (!(agent instanceof WecomError))
          for (const id of [...agent.allowedUserIds, ...agent.allowedPartyIds])
            expect(typeof id).toBe("string");
        const ips = await outcome(getCallbackIps());
        if (!(ips instanceof WecomError)) for (const ip of ips) expect(typeof ip).toBe("string");
        const media = await outcome(uploadMedia(file));
        if (!(media instanceof WecomError))
          expect([media.mediaId !== "", Number.isSafeInteger(media.createdAtMs)]).toEqual([true, true]);
      }),
    );
  });

  it.each([
    [{ media_id: "media-1", created_at: { toString: 1, valueOf: 1 } }],
    [{ media_id: "media-1", created_at: 1e300 }],
  ])(
    "%j to an upload is no other kind of error, and no time that is none (found by the properties above)",
    async (json) => {
      said = { body: Buffer.from(JSON.stringify(json)), status: 200, headers: {}, cutAt: undefined };
      const content = Buffer.from("12345678");
      const upload = { type: "file" as const, filename: "a.txt", content, sizeBytes: 8 };
      const { createdAtMs } = await createMediaUpload(api).uploadMedia(upload);
      expect(new Date(createdAtMs).getTime()).toBe(createdAtMs);
    },
  );
});
