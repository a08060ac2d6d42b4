import { request } from "node:http";
import type { CallbackResult } from "@gateway/conversation";
import { SIGNATURE_HEADER, signAgentBody, signAgentCallback, TIMESTAMP_HEADER } from "@gateway/conversation";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { systemClock } from "./clock.ts";
import type { Ingress } from "./ingress.ts";
import { createIngress } from "./ingress.ts";

const NOW_SECONDS = 1_700_000_000;
const STATUSES = [200, 400, 401, 404, 405, 409, 410, 413, 415, 422, 431, 503];
/** Two turns of two conversations, whose agents have a key each; a third one whose key nobody knows. */
const TURNS: Readonly<Record<string, { readonly conversation: string; readonly key: string | undefined }>> = {
  [`a${"A".repeat(31)}`]: { conversation: "ww1:1:zhangsan", key: "key-of-one" },
  [`b${"B".repeat(31)}`]: { conversation: "ww2:1:zhangsan", key: "key-of-two" },
  [`c${"-".repeat(31)}`]: { conversation: "ww3:1:zhangsan", key: undefined },
};
const [one = "", two = "", three = ""] = Object.keys(TURNS);

const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 10 }),
  fc.constantFrom("\ud800", "\0", "x".repeat(70_000)),
);
const good = fc.oneof(
  fc.record({ type: fc.constant("done"), text }),
  fc.record({ type: fc.constant("progress"), title: text }, { requiredKeys: ["type"] }),
  fc.constant({ type: "error" }),
);
const bad = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.record({
    type: fc.constantFrom("delta", "done", "DONE", "constructor"),
    text: fc.constantFrom(1, null, "x"),
    files: fc.constantFrom(null, [{}], [{ path: "a" }]),
  }),
);
const body = fc.oneof(
  { arbitrary: good.map((word) => Buffer.from(JSON.stringify(word))), weight: 5 },
  { arbitrary: bad.map((word) => Buffer.from(JSON.stringify(word))), weight: 2 },
  { arbitrary: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)), weight: 1 },
);
const place = fc.oneof(
  { arbitrary: fc.constantFrom(one, two, three), weight: 6 },
  {
    arbitrary: fc.constantFrom(
      ...[
        "",
        "/",
        one.slice(1),
        `${one}/`,
        `${one}?x=${two}`,
        `${one}%00`,
        `${one}/../${two}`,
        `%61${one.slice(1)}`,
        one.toLowerCase(),
      ],
      ...[`${two}#${one}`, "..", "constructor", "__proto__", "x".repeat(9000)],
    ),
    weight: 1,
  },
);
const signing = fc.record({
  version: fc.constantFrom("v1" as const, "v2" as const),
  key: fc.constantFrom("key-of-one", "key-of-two", "", "another key"),
  skew: fc.oneof(
    { arbitrary: fc.constantFrom(0, -299, 299), weight: 5 },
    { arbitrary: fc.constantFrom(-302, 302, 1e6, -1e9), weight: 1 },
  ),
  /** What becomes of the headers on their way. */
  change: fc.oneof(
    { arbitrary: fc.constant("none" as const), weight: 6 },
    {
      arbitrary: fc.constantFrom(
        "no signature",
        "no time",
        "upper case",
        "cut",
        "other time",
        "twice",
        "other body",
        "other turn",
        "spaced",
      ),
      weight: 1,
    },
  ),
});

interface Sent {
  readonly path: string;
  readonly headers: Record<string, string | string[]>;
  readonly body: Buffer;
}

function sign(
  place: string,
  content: Buffer,
  { version, key, skew, change }: { version: "v1" | "v2"; key: string; skew: number; change: string },
): Sent {
  const timestamp = String(NOW_SECONDS + skew);
  const said = change === "other body" ? Buffer.concat([content, Buffer.from(" ")]) : content;
  const [token = ""] = place.split("?", 1);
  const turn = change === "other turn" ? `x${token.slice(1)}` : token;
  const signature =
    version === "v2" || change === "other turn"
      ? signAgentCallback(key, timestamp, turn, said)
      : signAgentBody(key, timestamp, said);
  const headers: Sent["headers"] = {
    ...(change === "no time"
      ? {}
      : { [TIMESTAMP_HEADER]: change === "other time" ? String(NOW_SECONDS + skew + 1) : timestamp }),
    ...(change === "no signature" ? {} : { [SIGNATURE_HEADER]: signature }),
  };
  if (change === "upper case") headers[SIGNATURE_HEADER] = signature.toUpperCase();
  if (change === "cut") headers[SIGNATURE_HEADER] = signature.slice(0, -1);
  if (change === "twice") headers[SIGNATURE_HEADER] = [signature, signature];
  if (change === "spaced") headers[TIMESTAMP_HEADER] = `${timestamp}.0`;
  return { path: `/agent/callback/${place}`, headers, body: content };
}

function send(port: number, { path, headers, body: content }: Sent): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: "127.0.0.1", method: "POST", path, headers }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode ?? 0));
    });
    asked.on("error", reject).end(content);
  });
}

describe("callbacks of agents, of anybody and with any body", () => {
  let ingress: Ingress;
  let port: number;
  const delivered: { readonly token: string; readonly kind: string; readonly body: Buffer }[] = [];
  beforeAll(async () => {
    ingress = createIngress({
      apps: [],
      callbackPath: "/wecom/callback",
      maxSkewSeconds: 0,
      acceptor: { accept: async () => "accepted" },
      agents: {
        callbacks: {
          conversationOf: async (token) =>
            Object.hasOwn(TURNS, token) ? TURNS[token]?.conversation : undefined,
          deliver: async (token, kind, content): Promise<CallbackResult> => {
            delivered.push({ token, kind, body: content });
            return "stored";
          },
        },
        agentOf: (conversation) => {
          const key = Object.values(TURNS).find((turn) => turn.conversation === conversation)?.key;
          return key === undefined ? undefined : { app: "app", key };
        },
        isOpen: () => true,
      },
      gatekeeper: { ask: async () => "denied" },
      ping: async () => "PONG",
      logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
      clock: { ...systemClock, now: () => NOW_SECONDS * 1000 },
    });
    port = await ingress.listen(0, "127.0.0.1");
  });
  afterAll(() => ingress.close());

  it("are taken for the very turn whose agent has signed them, just as they are, or refused", async () => {
    await fc.assert(
      fc.asyncProperty(place, body, signing, async (token, content, signed) => {
        delivered.length = 0;
        const status = await send(port, sign(token, content, signed));
        expect(STATUSES).toContain(status);
        expect(delivered.length).toBe(status === 200 ? 1 : 0);
        for (const taken of delivered) {
          expect(TURNS[taken.token]?.key).toBe(signed.key);
          expect([taken.token, `${taken.token}?x=${two}`]).toContain(token);
          expect([Math.abs(signed.skew) <= 300, signed.change]).toEqual([true, "none"]);
          expect(taken.body.equals(content)).toBe(true);
          const { type } = JSON.parse(content.toString("utf8"));
          expect(taken.kind).toBe(type === "progress" ? "progress" : "end");
        }
      }),
    );
  });

  it("in order are taken", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(one, two),
        fc.constantFrom("v1", "v2"),
        good,
        async (token, version, word) => {
          const key = TURNS[token]?.key ?? "";
          const content = Buffer.from(JSON.stringify(word));
          expect(await send(port, sign(token, content, { version, key, skew: 0, change: "none" }))).toBe(
            "title" in word && word.title.length > 1000 ? 422 : 200,
          );
        },
      ),
    );
  });
});
