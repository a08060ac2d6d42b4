import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "@jest/globals";
import type { TestRedis } from "../../support/redis.ts";
import { startRedis } from "../../support/redis.ts";
import type { TestIngress } from "./harness.ts";
import { CALLBACK_PATH, createTestApp, readMailbox, send, startIngress } from "./harness.ts";

interface Vector {
  readonly id: string;
  readonly kind: string;
  readonly token: string;
  readonly aesKey: string;
  readonly receiveId: string;
  readonly msgSignature: string;
  readonly timestamp: string;
  readonly nonce: string;
  readonly encrypt: string;
  readonly body?: string;
  readonly query?: string;
  readonly expectedPlaintext: string;
}

const vectors: readonly Vector[] = JSON.parse(
  readFileSync(new URL("../../fixtures/callback-vectors.json", import.meta.url), "utf8"),
);
const ofKind = (kind: string) => vectors.filter((vector) => vector.kind === kind);
const elementOf = (xml: string, name: string) =>
  new RegExp(`<${name}>(?:<!\\[CDATA\\[)?(.*?)(?:\\]\\]>)?</${name}>`).exec(xml)?.[1];

const messages = ofKind("message").filter(
  (vector) => elementOf(vector.body ?? "", "ToUserName") === vector.receiveId,
);
const negatives = vectors.filter((vector) => /^negative-(signature|receiveid|plaintext)$/.test(vector.kind));

describe("published samples through the real server", () => {
  let redis: TestRedis;
  let ingress: TestIngress;
  afterEach(async () => {
    await ingress.stop();
    await redis.stop();
  });

  async function startFor(vector: Vector, agentId = "218") {
    const keys = [{ token: vector.token, encodingAesKey: vector.aesKey }];
    const app = createTestApp({ corpId: vector.receiveId, agentId, keys });
    redis = await startRedis();
    // The samples are years old.
    ingress = await startIngress({
      apps: [app],
      redisUrl: redis.url,
      prefix: redis.prefix,
      maxSkewSeconds: 0,
    });
    return app;
  }

  function queryOf(vector: Vector, extra: Record<string, string> = {}) {
    const { msgSignature: msg_signature, timestamp, nonce } = vector;
    return `${CALLBACK_PATH}?${new URLSearchParams({ msg_signature, timestamp, nonce, ...extra })}`;
  }

  it.each(ofKind("url-verify").map((vector) => [vector.id, vector] as const))(
    "%s: answers the URL check with exactly the challenge",
    async (_id, vector) => {
      await startFor(vector);
      const path =
        vector.query === undefined
          ? queryOf(vector, { echostr: vector.encrypt })
          : `${CALLBACK_PATH}?${vector.query}`;
      const response = await fetch(`${ingress.url}${path}`);
      expect(response.status).toBe(200);
      expect(response.headers.get("content-type")).toMatch(/^text\/plain/);
      expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.from(vector.expectedPlaintext));
    },
  );

  it.each(messages.map((vector) => [vector.id, vector] as const))(
    "%s: stores the message",
    async (_id, vector) => {
      const inner = vector.expectedPlaintext;
      const app = await startFor(vector, elementOf(inner, "AgentID"));
      const response = await send(ingress.url, { path: queryOf(vector), body: vector.body ?? "" });
      expect([response.status, await response.text()]).toEqual([200, "success"]);
      const [stored] = await readMailbox(redis.client(), redis.prefix, app, elementOf(inner, "FromUserName"));
      expect(stored?.message).toMatchObject({
        kind: "text",
        content: elementOf(inner, "Content"),
        msgId: elementOf(inner, "MsgId"),
      });
    },
  );

  it.each(negatives.map((vector) => [vector.id, vector] as const))("%s: is refused", async (_id, vector) => {
    const corpId = vector.receiveId;
    await startFor(vector);
    const body = `<xml><ToUserName><![CDATA[${corpId}]]></ToUserName><AgentID>218</AgentID><Encrypt><![CDATA[${vector.encrypt}]]></Encrypt></xml>`;
    const response = await send(ingress.url, { path: queryOf(vector), body });
    expect(response.status).toBe(vector.kind === "negative-plaintext" ? 400 : 403);
    expect(await redis.client().keys(`${redis.prefix}:mailbox:*`)).toEqual([]);
  });
});

it("the samples are all there", () => {
  expect(ofKind("url-verify").length).toBeGreaterThanOrEqual(3);
  expect(messages.length).toBeGreaterThanOrEqual(2);
  expect(negatives.length).toBeGreaterThanOrEqual(6);
});
