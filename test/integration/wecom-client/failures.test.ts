import type { ServerResponse } from "node:http";
import type { WecomClient, WecomClientOptions, WecomError } from "@gateway/wecom-client";
import { createWecomClient } from "@gateway/wecom-client";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { startPrivateRedis } from "../../support/private-redis.ts";
import type { TestRedis } from "../../support/redis.ts";
import { startRedis } from "../../support/redis.ts";
import { CANARY, expectNoCanary, recordingLogger } from "./canary.ts";
import { startFakeProxy } from "./fake-proxy.ts";
import type { FakeWecom, ReceivedRequest } from "./fake-wecom.ts";
import { startFakeWecom } from "./fake-wecom.ts";

let redis: TestRedis;
let wecom: FakeWecom;
let logger: ReturnType<typeof recordingLogger>;
const clients: WecomClient[] = [];

beforeEach(async () => {
  redis = await startRedis();
  wecom = await startFakeWecom();
  wecom.on("gettoken", () => ({ errcode: 0, access_token: CANARY.token, expires_in: 7200 }));
  logger = recordingLogger();
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await wecom.stop();
  await redis.stop();
});

function newClient(options: Partial<WecomClientOptions> = {}): WecomClient {
  const client = createWecomClient({
    corpId: "ww1",
    agentId: "1000002",
    corpSecret: CANARY.secret,
    baseUrl: wecom.url,
    redis: redis.client(),
    prefix: redis.prefix,
    logger,
    ...options,
  });
  clients.push(client);
  return client;
}

const send = (client: WecomClient) =>
  client.sendMessage({ to: { users: ["zhangsan"] }, msgtype: "text", text: { content: CANARY.content } });

async function failureOf(promise: Promise<unknown>): Promise<WecomError> {
  const error = await promise.then(
    () => undefined,
    (reason) => reason,
  );
  if (error === undefined) throw new Error("it did not fail");
  expectNoCanary(error, logger.lines);
  return error;
}

/** Puts back everything the server was told, as careless error pages do. */
function echo({ query, body }: ReceivedRequest): string {
  return `You asked ?${query} with ${body} and corpsecret=${CANARY.secret} access_token=${CANARY.token}`;
}

type Fault = (request: ReceivedRequest, response: ServerResponse) => unknown;

const faults: Record<string, { fault: Fault; expected: Partial<WecomError>; timeoutMs?: number }> = {
  "a reset connection": {
    fault: (_request, response) => void response.socket?.resetAndDestroy(),
    expected: { kind: "unknown", code: "connection_lost" },
  },
  "a connection closed without an answer": {
    fault: (_request, response) => void response.destroy(),
    expected: { kind: "unknown", code: "connection_lost" },
  },
  "no answer in time": {
    fault: () => undefined,
    expected: { kind: "unknown", code: "answer_timeout" },
    timeoutMs: 250,
  },
  "an answer that stops half-way": {
    fault: (_request, response) => void response.writeHead(200).write('{"errcode":0,'),
    expected: { kind: "unknown", code: "answer_timeout" },
    timeoutMs: 250,
  },
  "JSON cut off by a lost connection": {
    fault: (_request, response) => {
      response.writeHead(200, { "content-length": 100 });
      response.write('{"errcode":0,"msgid":"1"', () => response.destroy());
    },
    expected: { kind: "unknown", code: "connection_lost" },
  },
  "JSON that ends too early": {
    fault: (_request, response) => void response.writeHead(200).end('{"errcode":0,"msgid":"1'),
    expected: { kind: "unknown", code: "answer_not_json" },
  },
  "an answer without errcode": {
    fault: () => ({}),
    expected: { kind: "unknown" },
  },
  "a page instead of JSON": {
    fault: (request, response) => void response.writeHead(200).end(`<html>${echo(request)}`),
    expected: { kind: "unknown", code: "answer_not_json" },
  },
  "a 502 with a page": {
    fault: (request, response) => void response.writeHead(502).end(`<html>${echo(request)}`),
    expected: { kind: "unknown", code: "http_status" },
  },
  "a 404": {
    fault: (request, response) => void response.writeHead(404).end(echo(request)),
    expected: { kind: "configuration", code: "http_status" },
  },
  "a redirect": {
    fault: (request, response) =>
      void response.writeHead(302, { location: `${wecom.url}/cgi-bin/elsewhere?${request.query}` }).end(),
    expected: { kind: "configuration", code: "redirect_refused" },
  },
  "an endless answer": {
    fault: (_request, response) => void response.writeHead(200).end(Buffer.alloc(3 * 1024 * 1024, "x")),
    expected: { kind: "unknown", code: "answer_too_long" },
  },
  "an errcode nobody knows, with everything in errmsg": {
    fault: (request) => ({ errcode: 777_777, errmsg: echo({ ...request, body: Buffer.from("") }) }),
    expected: { kind: "content", code: "errcode_777777" },
  },
};

describe("a failing message/send", () => {
  it.each(Object.entries(faults))("tells the outcome of %s and gives nothing away", async (_name, entry) => {
    wecom.on("message/send", entry.fault);
    const error = await failureOf(send(newClient({ timeoutMs: entry.timeoutMs ?? 5000 })));
    expect(error).toMatchObject({
      name: "WecomError",
      api: "message/send",
      app: "ww1/1000002",
      ...entry.expected,
    });
    expect(error.retryable).toBe(false);
    expect(wecom.calls("message/send")).toHaveLength(1);
    expect(wecom.calls("elsewhere")).toHaveLength(0);
  });

  it("was not sent when the server went away after an earlier message", async () => {
    const client = newClient();
    wecom.on("message/send", () => ({ errcode: 0, msgid: "1" }));
    await send(client);
    await wecom.stop();
    const error = await failureOf(send(client));
    expect(error).toMatchObject({ kind: "not_sent", code: "connect_failed", retryable: true });
    expect(error.message).toContain("ECONNREFUSED");
    wecom = await startFakeWecom();
  });
});

describe("a failing gettoken", () => {
  it.each(Object.entries(faults))("never leaves the message in doubt after %s", async (_name, entry) => {
    wecom.on("gettoken", entry.fault);
    const error = await failureOf(send(newClient({ timeoutMs: entry.timeoutMs ?? 5000 })));
    expect(error).toMatchObject({ name: "WecomError", api: "gettoken", app: "ww1/1000002" });
    expect(error.kind).not.toBe("unknown");
    expect(wecom.calls("message/send")).toHaveLength(0);
    expect(logger.lines).not.toEqual([]);
  });

  it.each([
    ["a name that does not exist", "http://does-not-exist.invalid"],
    ["a closed port", "http://127.0.0.1:9"],
  ])("was not sent to %s", async (_what, baseUrl) => {
    const error = await failureOf(send(newClient({ baseUrl })));
    expect(error).toMatchObject({ kind: "not_sent", code: "connect_failed", retryable: true });
  });

  it("was not sent when the server speaks no TLS", async () => {
    const error = await failureOf(send(newClient({ baseUrl: wecom.url.replace("http:", "https:") })));
    expect(error).toMatchObject({ kind: "not_sent", code: "connect_failed" });
  });
});

describe("through a proxy", () => {
  const withPassword = (url: string) => url.replace("//", `//user:${CANARY.proxyPassword}@`);

  it("everything goes by CONNECT, with the proxy's credentials, whatever the environment says", async () => {
    const proxy = await startFakeProxy();
    wecom.on("message/send", () => ({ errcode: 0, msgid: "m" }));
    const before = process.env.http_proxy;
    process.env.http_proxy = "http://127.0.0.1:9";
    try {
      const client = newClient({ proxyUrl: withPassword(proxy.url) });
      expect((await send(client)).msgId).toBe("m");
      const direct = newClient();
      await send(direct);
    } finally {
      if (before === undefined) delete process.env.http_proxy;
      else process.env.http_proxy = before;
      await proxy.stop();
    }
    const authorization = `Basic ${Buffer.from(`user:${CANARY.proxyPassword}`).toString("base64")}`;
    expect(proxy.connects.length).toBeGreaterThan(0);
    for (const seen of proxy.connects)
      expect(seen).toEqual({ target: `127.0.0.1:${wecom.port}`, authorization });
    expect(wecom.calls("message/send")).toHaveLength(2);
  });

  it.each<[string, Parameters<typeof startFakeProxy>[0], Partial<WecomError>]>([
    [
      "refuses the password",
      (s) => s.end("HTTP/1.1 407 No\r\ncontent-length: 0\r\n\r\n"),
      { code: "proxy_refused" },
    ],
    ["refuses the target", (s) => s.end("HTTP/1.1 403 No\r\n\r\nno"), { code: "proxy_refused" }],
    ["hangs up", (s) => void s.destroy(), { code: "connect_failed" }],
    ["says nothing", () => {}, { code: "connect_timeout" }],
    ["talks nonsense", (s) => s.end("SSH-2.0-x\r\n\r\n"), { code: "proxy_refused" }],
  ])("that %s, nothing was sent", async (_what, refuse, expected) => {
    const proxy = await startFakeProxy(refuse);
    try {
      const client = newClient({ proxyUrl: withPassword(proxy.url), timeoutMs: 500 });
      const error = await failureOf(send(client));
      expect(error).toMatchObject({ kind: "not_sent", retryable: true, ...expected });
      expect(error.message).toContain(new URL(proxy.url).host);
      expect(wecom.requests).toHaveLength(0);
    } finally {
      await proxy.stop();
    }
  });

  it("that is not there, nothing was sent", async () => {
    const error = await failureOf(send(newClient({ proxyUrl: withPassword("http://127.0.0.1:9") })));
    expect(error).toMatchObject({ kind: "not_sent", code: "connect_failed" });
  });
});

describe("Redis trouble", () => {
  it("gives no token away: errors of the Redis client carry their arguments", async () => {
    const own = await startPrivateRedis();
    try {
      wecom.on("gettoken", async () => {
        await own.kill();
        return { errcode: 0, access_token: CANARY.token, expires_in: 7200 };
      });
      const error = await failureOf(send(newClient({ redis: own.client({ maxRetriesPerRequest: 0 }) })));
      expect(error).toMatchObject({ kind: "not_sent", code: "redis_unavailable" });
      expect(wecom.calls("message/send")).toHaveLength(0);
    } finally {
      await own.stop();
    }
  });

  it("asks for no token that could not be shared: a full Redis", async () => {
    const own = await startPrivateRedis({
      extraArgs: ["--maxmemory-policy", "noeviction", "--maxmemory", "1"],
    });
    try {
      const error = await failureOf(send(newClient({ redis: own.client() })));
      expect(error).toMatchObject({ kind: "not_sent", code: "redis_unavailable" });
      expect(wecom.calls("gettoken")).toHaveLength(0);
    } finally {
      await own.stop();
    }
  });
});

describe("createWecomClient", () => {
  it.each([
    { corpId: "" },
    { corpId: "a:b" },
    { agentId: "12x" },
    { corpSecret: "" },
    { baseUrl: "nowhere" },
    { proxyUrl: "socks5://x" },
  ])("refuses %j at once", (options) => {
    expect(() => newClient(options)).toThrow(expect.objectContaining({ kind: "configuration" }));
  });
});
