import { gzipSync } from "node:zlib";
import { encrypt, prepareKeys } from "@gateway/wecom-client/callback";
import { textMessageXml } from "@gateway/wecom-client/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import type { TestRedis } from "../../support/redis.ts";
import { startRedis } from "../../support/redis.ts";
import type { Push, TestIngress } from "./harness.ts";
import {
  CALLBACK_PATH,
  createPush,
  createTestApp,
  createTextPush,
  keysOf,
  send,
  startIngress,
} from "./harness.ts";
import { exchange, statusOf } from "./raw-http.ts";

const app = createTestApp();
const { corpId, agentId } = app;
const hello = textMessageXml({ corpId, agentId, userId: "zhangsan", msgId: "1", content: "hello" });

describe("bad input", () => {
  let redis: TestRedis;
  let ingress: TestIngress;
  beforeAll(async () => {
    redis = await startRedis();
    ingress = await startIngress({ apps: [app], redisUrl: redis.url, prefix: redis.prefix });
  });
  afterAll(async () => {
    await ingress.stop();
    await redis.stop();
  });
  afterEach(async () => {
    expect(await redis.client().keys(`${redis.prefix}:mailbox:*`)).toEqual([]);
  });

  const answerTo = async (push: Push) => {
    const response = await send(ingress.url, push);
    return { status: response.status, text: await response.text() };
  };
  const withQuery = (edit: (query: URLSearchParams) => void): Push => {
    const push = createTextPush(app, { msgId: "1" });
    const query = new URLSearchParams(push.path.split("?")[1]);
    edit(query);
    return { ...push, path: `${CALLBACK_PATH}?${query}` };
  };

  describe("in the query", () => {
    it.each<[string, (query: URLSearchParams) => void, number, RegExp]>([
      ["a wrong signature", (q) => q.set("msg_signature", "0".repeat(40)), 403, /signature_invalid/],
      [
        "a signature that is not hex",
        (q) => q.set("msg_signature", "invalid-signature"),
        403,
        /signature_invalid/,
      ],
      ["a signature cut short", (q) => q.set("msg_signature", "abcdef"), 403, /signature_invalid/],
      ["no signature", (q) => q.delete("msg_signature"), 400, /msg_signature is missing/],
      [
        "a repeated signature",
        (q) => q.append("msg_signature", "0"),
        400,
        /msg_signature must be given once/,
      ],
      ["a repeated nonce", (q) => q.append("nonce", "1"), 400, /nonce must be given once/],
      ["no timestamp", (q) => q.delete("timestamp"), 400, /timestamp is missing/],
      ["a timestamp that is no number", (q) => q.set("timestamp", "soon"), 400, /digits/],
      ["an endless nonce", (q) => q.set("nonce", "1".repeat(500)), 400, /nonce is longer/],
      ["another nonce than was signed", (q) => q.set("nonce", "42"), 403, /signature_invalid/],
    ])("%s", async (_what, edit, status, text) => {
      const answer = await answerTo(withQuery(edit));
      expect(answer.status).toBe(status);
      expect(answer.text).toMatch(text);
    });

    it("nothing at all", async () => {
      expect((await answerTo({ path: CALLBACK_PATH, body: "" })).status).toBe(400);
      expect((await fetch(`${ingress.url}${CALLBACK_PATH}`)).status).toBe(400);
    });
  });

  describe("in the envelope", () => {
    const push = createPush(app, hello);
    it.each<[string, string, number]>([
      ["an empty body", "", 400],
      ["no XML", "hello", 400],
      ["a DOCTYPE", `<!DOCTYPE xml>${push.body}`, 400],
      ["an entity bomb", `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><xml>&b;</xml>`, 400],
      ["two roots", push.body + push.body, 400],
      ["two Encrypt elements", push.body.replace("</xml>", "<Encrypt>x</Encrypt></xml>"), 400],
      ["deep nesting", `${"<xml>".repeat(5000)}${"</xml>".repeat(5000)}`, 400],
      ["an unknown corp", push.body.replace(corpId, "wwUnknown"), 404],
      ["an unknown agent", push.body.replace(agentId, "999"), 404],
    ])("%s", async (_what, body, status) => {
      expect((await answerTo({ ...push, body })).status).toBe(status);
    });
  });

  describe("behind a good signature", () => {
    const { token, encodingAesKey } = keysOf(app);
    const aesKey = prepareKeys({ token, encodingAesKey }).aesKey;
    it.each<[string, string, object, number]>([
      ["another corp's receive id", hello, { receiveId: "wwOther" }, 403],
      ["another key", hello, { keys: { token, encodingAesKey: "a".repeat(43) } }, 400],
      ["a DOCTYPE inside", `<!DOCTYPE xml>${hello}`, {}, 400],
      ["no message type", "<xml><ToUserName>a</ToUserName></xml>", {}, 400],
    ])("%s", async (_what, message, seal, status) => {
      expect((await answerTo(createPush(app, message, seal))).status).toBe(status);
    });

    it("invalid UTF-8 inside", async () => {
      const bytes = Buffer.from(hello);
      bytes[bytes.indexOf("hello")] = 0xff;
      expect((await answerTo(createPush(app, bytes as never))).status).toBe(400);
    });

    it("a ciphertext of half a block", async () => {
      const encrypted = encrypt(aesKey, { plaintext: hello, receiveId: corpId, random16: Buffer.alloc(16) });
      expect(Buffer.from(encrypted, "base64").length % 16).toBe(0);
      const push = createPush(app, hello);
      const cut = push.body.replace(/(<Encrypt><!\[CDATA\[.*?)[A-Za-z0-9+/]{4}=*\]\]>/, "$1]]>");
      expect(cut).not.toBe(push.body);
      expect((await answerTo({ ...push, body: cut })).status).toBe(403);
    });
  });
});

describe("size, form and place of a request", () => {
  let redis: TestRedis;
  let ingress: TestIngress;
  beforeAll(async () => {
    redis = await startRedis();
    ingress = await startIngress({ apps: [app], redisUrl: redis.url, prefix: redis.prefix });
  });
  afterAll(async () => {
    await ingress.stop();
    await redis.stop();
  });

  /** A good push whose body is brought to exactly this size: long content, and white space for the rest. */
  const pushOfBytes = (bytes: number, msgId: string): Push => {
    const push = createTextPush(app, { msgId, content: "x".repeat(Math.floor(bytes * 0.7)) });
    const missing = bytes - Buffer.byteLength(push.body);
    return { ...push, body: push.body.replace("</xml>", `${" ".repeat(missing)}</xml>`) };
  };

  it("takes 64 KiB and refuses one byte more, announced or not", async () => {
    expect((await send(ingress.url, pushOfBytes(65_536, "64k"))).status).toBe(200);
    const tooLarge = pushOfBytes(65_537, "64k+1");
    expect((await send(ingress.url, tooLarge)).status).toBe(413);
    const chunked = [`POST ${tooLarge.path} HTTP/1.1`, "Transfer-Encoding: chunked"];
    const body = `${tooLarge.body.length.toString(16)}\r\n${tooLarge.body}\r\n0\r\n\r\n`;
    expect(statusOf(await exchange(ingress.port, chunked, body))).toBe(413);
  });

  it("refuses a body of gigabytes by its announcement", async () => {
    const { path } = createTextPush(app, { msgId: "1" });
    const answer = await exchange(ingress.port, [`POST ${path} HTTP/1.1`, "Content-Length: 8000000000"], "x");
    expect(statusOf(answer)).toBe(413);
  });

  it("asks for no content type but refuses compression", async () => {
    const push = createTextPush(app, { msgId: "2" });
    const length = `Content-Length: ${Buffer.byteLength(push.body)}`;
    const post = `POST ${push.path} HTTP/1.1`;
    expect(statusOf(await exchange(ingress.port, [post, length], push.body))).toBe(200);
    for (const type of ["text/xml", "application/json", "application/x-www-form-urlencoded", "nonsense"]) {
      const answer = await exchange(ingress.port, [post, length, `Content-Type: ${type}`], push.body);
      expect(statusOf(answer)).toBe(200);
    }
    const zipped = gzipSync(push.body);
    const head = [post, `Content-Length: ${zipped.length}`, "Content-Encoding: gzip"];
    expect(statusOf(await exchange(ingress.port, head, zipped))).toBe(415);
  });

  it("takes a BOM before the envelope", async () => {
    const push = createTextPush(app, { msgId: "3" });
    expect((await send(ingress.url, { ...push, body: `\uFEFF${push.body}` })).status).toBe(200);
  });

  it("knows three paths and says which methods they take", async () => {
    expect((await fetch(`${ingress.url}/`)).status).toBe(404);
    expect((await fetch(`${ingress.url}${CALLBACK_PATH}/more`)).status).toBe(404);
    const put = await fetch(`${ingress.url}${CALLBACK_PATH}`, { method: "PUT", body: "x" });
    expect([put.status, put.headers.get("allow")]).toEqual([405, "GET, POST"]);
    expect((await fetch(`${ingress.url}/health`, { method: "POST" })).status).toBe(405);
    expect((await fetch(`${ingress.url}/ready`)).status).toBe(200);
  });

  it("tells nothing about what it is made of", async () => {
    const { headers } = await fetch(`${ingress.url}/health`);
    expect(headers.get("x-powered-by")).toBeNull();
    expect(headers.get("etag")).toBeNull();
  });

  it("refuses endless headers", async () => {
    const answer = await exchange(ingress.port, ["GET /health HTTP/1.1", `X-Long: ${"x".repeat(20_000)}`]);
    expect(statusOf(answer)).toBe(431);
  });

  it("acknowledges a stale replay without storing it", async () => {
    const timestamp = String(Math.floor(Date.now() / 1000) - 3600);
    const response = await send(ingress.url, createPush(app, hello, { timestamp }));
    expect([response.status, await response.text()]).toEqual([200, "success"]);
    expect(ingress.observations.at(-1)?.outcome).toMatchObject({ kind: "ignored", reason: "stale" });
  });

  it("writes a flood of forgeries as a number, with neither bodies nor signatures", async () => {
    const before = ingress.logLines().length;
    const forged = createPush(app, hello, { keys: { ...keysOf(app), token: "forged" } });
    for (let batch = 0; batch < 20; batch += 1) {
      const answers = await Promise.all(Array.from({ length: 25 }, () => send(ingress.url, forged)));
      for (const answer of answers) expect(answer.status).toBe(403);
    }
    const lines = ingress.logLines().slice(before);
    expect(lines.length).toBeLessThan(100);
    expect(lines.length).toBeGreaterThan(0);
    const signature = new URLSearchParams(forged.path.split("?")[1]).get("msg_signature") ?? "";
    expect(lines.join("")).toContain("signature_invalid");
    expect(lines.join("")).not.toContain(signature);
    expect(lines.join("")).not.toContain("Encrypt");
  });
});
