import { inspect } from "node:util";
import type { WecomClient, WecomError, WecomLogger } from "@gateway/wecom-client";
import { createWecomClient } from "@gateway/wecom-client";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Redis } from "ioredis";
import { startPrivateRedis } from "../../support/private-redis.ts";
import type { TestRedis } from "../../support/redis.ts";
import { startRedis } from "../../support/redis.ts";
import { waitUntil } from "../../support/wait-until.ts";
import type { FakeWecom } from "./fake-wecom.ts";
import { startFakeWecom } from "./fake-wecom.ts";

let redis: TestRedis;
let wecom: FakeWecom;
let store: Redis;
const clients: WecomClient[] = [];

beforeEach(async () => {
  redis = await startRedis();
  store = redis.client();
  wecom = await startFakeWecom();
  wecom.on("getcallbackip", () => ({ errcode: 0, ip_list: [] }));
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await wecom.stop();
  await redis.stop();
});

/** A client with a Redis connection of its own, as another process would have. */
function newClient(
  options: { corpSecret?: string; redis?: Redis; timeoutMs?: number; logger?: WecomLogger } = {},
) {
  const client = createWecomClient({
    corpId: "ww1",
    agentId: "1000002",
    corpSecret: "the-secret",
    baseUrl: wecom.url,
    redis: redis.client(),
    prefix: redis.prefix,
    ...options,
  });
  clients.push(client);
  return client;
}

const keys = (name: string) => store.keys(`${redis.prefix}:access-token:*:${name}`);

async function key(name: string): Promise<string> {
  const [found] = await keys(name);
  if (found === undefined) throw new Error(`no key ${name}`);
  return found;
}

const failureOf = (promise: Promise<unknown>): Promise<WecomError> =>
  promise.then(
    () => {
      throw new Error("it did not fail");
    },
    (error) => error,
  );

describe("one token for everybody", () => {
  it("is fetched once for many calls of many clients at the same time", async () => {
    const callers = Array.from({ length: 8 }, () => newClient());
    await Promise.all(callers.flatMap((client) => [client.getCallbackIps(), client.getCallbackIps()]));
    expect(wecom.calls("gettoken")).toHaveLength(1);
    const used = wecom.calls("getcallbackip").map((call) => call.query.get("access_token"));
    expect(new Set(used)).toEqual(new Set(["token-1"]));
  });

  it("is asked for with the app's corp id and secret", async () => {
    await newClient().getCallbackIps();
    const [call] = wecom.calls("gettoken");
    expect(Object.fromEntries(call?.query ?? [])).toEqual({ corpid: "ww1", corpsecret: "the-secret" });
  });

  it("is not shared with another secret, and no key in Redis holds the secret", async () => {
    await newClient().getCallbackIps();
    await newClient({ corpSecret: "a-rotated-secret" }).getCallbackIps();
    expect(wecom.calls("gettoken")).toHaveLength(2);
    const all = await store.keys(`${redis.prefix}*`);
    expect(all.join()).not.toContain("secret");
  });

  it("expires in Redis before it does at WeCom, and never later than two hours", async () => {
    wecom.on("gettoken", () => ({ access_token: "t", expires_in: 10_000_000 }));
    await newClient().getCallbackIps();
    const ttlMs = await store.pttl(await key("token"));
    expect(ttlMs).toBeGreaterThan(7000_000);
    expect(ttlMs).toBeLessThanOrEqual(7140_000);
  });

  it.each([{ expires_in: 0 }, { expires_in: "soon" }, {}, { access_token: "", expires_in: 7200 }])(
    "is not taken from an answer like %j",
    async (answer) => {
      wecom.on("gettoken", () => ({ errcode: 0, access_token: "t", ...answer }));
      const error = await failureOf(newClient().getCallbackIps());
      expect(error).toMatchObject({ code: "answer_unexpected", kind: "not_sent", retryable: true });
    },
  );

  it("is refreshed ahead by one caller while all others go on with the old one", async () => {
    await newClient().getCallbackIps();
    let answer = () => {};
    wecom.on("gettoken", async () => {
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return { errcode: 0, access_token: "token-new", expires_in: 7200 };
    });
    await store.pexpire(await key("token"), 60_000);
    const callers = Array.from({ length: 6 }, () => newClient());
    await Promise.all(callers.map((client) => client.getCallbackIps()));
    expect(wecom.calls("getcallbackip").at(-1)?.query.get("access_token")).toBe("token-1");
    await waitUntil("the refresh has asked", () => wecom.calls("gettoken").length === 2);
    answer();
    await waitUntil(
      "the new token is stored",
      async () => (await store.hget(await key("token"), "token")) === "token-new",
    );
    await newClient().getCallbackIps();
    expect(wecom.calls("getcallbackip").at(-1)?.query.get("access_token")).toBe("token-new");
    expect(wecom.calls("gettoken")).toHaveLength(2);
  });
});

describe("a token WeCom refuses", () => {
  const refuse = (tokens: string[], errcode = 42001) =>
    wecom.on("getcallbackip", ({ query }) =>
      tokens.includes(query.get("access_token") ?? "")
        ? { errcode, errmsg: "x" }
        : { errcode: 0, ip_list: [] },
    );

  it.each([40014, 42001, 40001])("is replaced and the call made again once for %i", async (errcode) => {
    refuse(["token-1"], errcode);
    await newClient().getCallbackIps();
    const used = wecom.calls("getcallbackip").map((call) => call.query.get("access_token"));
    expect(used).toEqual(["token-1", "token-2"]);
  });

  it("fails the call when the fresh one is refused as well", async () => {
    refuse(["token-1", "token-2"]);
    const error = await failureOf(newClient().getCallbackIps());
    expect(error).toMatchObject({ kind: "token", retryable: true, errcode: 42001 });
    expect(wecom.calls("getcallbackip")).toHaveLength(2);
  });

  it("is not blamed for other codes", async () => {
    wecom.on("getcallbackip", () => ({ errcode: 60020, errmsg: "x, from ip: 203.0.113.9" }));
    const error = await failureOf(newClient().getCallbackIps());
    expect(error).toMatchObject({ kind: "configuration", retryable: false });
    expect(error.message).toContain("203.0.113.9");
    expect(wecom.calls("getcallbackip")).toHaveLength(1);
    expect(wecom.calls("gettoken")).toHaveLength(1);
  });

  it("does not cost the new one when its refusal arrives late", async () => {
    let refuseLate = () => {};
    const late = new Promise<void>((resolve) => {
      refuseLate = resolve;
    });
    wecom.on("getcallbackip", async ({ query }) => {
      if (query.get("access_token") !== "token-1") return { errcode: 0, ip_list: [] };
      if (wecom.calls("getcallbackip").length === 1) await late;
      return { errcode: 42001, errmsg: "expired" };
    });
    const slow = newClient().getCallbackIps();
    await waitUntil("the slow call is out", () => wecom.calls("getcallbackip").length === 1);
    await newClient().getCallbackIps();
    expect(await store.hget(await key("token"), "token")).toBe("token-2");
    refuseLate();
    await slow;
    expect(await store.hget(await key("token"), "token")).toBe("token-2");
    expect(wecom.calls("gettoken")).toHaveLength(2);
  });

  it("time and again makes everybody pause instead of fetching without end", async () => {
    wecom.on("getcallbackip", () => ({ errcode: 40014, errmsg: "x" }));
    const client = newClient();
    const errors: WecomError[] = [];
    for (let call = 0; call < 20; call += 1) errors.push(await failureOf(client.getCallbackIps()));
    expect(errors.at(-1)).toMatchObject({ code: "token_refused_repeatedly", kind: "token" });
    expect(wecom.calls("gettoken").length).toBeLessThanOrEqual(7);
  });
});

describe("wrong credentials", () => {
  const fail = (errcode: number) => wecom.on("gettoken", () => ({ errcode, errmsg: "invalid, hint: [1]" }));

  it.each([40001, 40013, 40091, 41002, 41004])(
    "stop all processes from asking again after %i",
    async (errcode) => {
      fail(errcode);
      const first = await failureOf(newClient().getCallbackIps());
      expect(first).toMatchObject({ kind: "credentials", retryable: false, errcode, app: "ww1/1000002" });
      expect(first.message).toContain("ww1/1000002");
      for (let call = 0; call < 10; call += 1) {
        const next = await failureOf(newClient().getCallbackIps());
        expect(next).toMatchObject({ kind: "credentials", errcode });
        expect(next.retryAfterMs).toBeGreaterThan(0);
        expect(next.hint).toBe(first.hint);
      }
      expect(wecom.calls("gettoken")).toHaveLength(1);
      expect(wecom.calls("getcallbackip")).toHaveLength(0);
    },
  );

  it("lengthen the pause with every failure, up to a quarter of an hour", async () => {
    fail(40001);
    const pauses: number[] = [];
    for (let attempt = 0; attempt < 8; attempt += 1) {
      await failureOf(newClient().getCallbackIps());
      const pause = await key("pause");
      pauses.push(await store.pttl(pause));
      await store.del(pause);
    }
    expect(pauses.map((ms) => Math.round(ms / 10_000) * 10)).toEqual([30, 60, 120, 240, 480, 900, 900, 900]);
    expect(wecom.calls("gettoken")).toHaveLength(8);
  });

  it("are tried by one caller only when the pause is over, and cured for all", async () => {
    fail(40001);
    await failureOf(newClient().getCallbackIps());
    wecom.on("gettoken", async () => ({ errcode: 0, access_token: "good", expires_in: 7200 }));
    await store.del(await key("pause"));
    await Promise.all(Array.from({ length: 10 }, () => newClient().getCallbackIps()));
    expect(wecom.calls("gettoken")).toHaveLength(2);
    expect(await store.keys(`${await key("token").then((name) => name.replace(/token$/, "pause"))}`)).toEqual(
      [],
    );
  });

  it("that are corrected work at once: another secret has no pause", async () => {
    wecom.on("gettoken", ({ query }) =>
      query.get("corpsecret") === "the-secret" ? { errcode: 40001 } : { access_token: "t", expires_in: 7200 },
    );
    await failureOf(newClient().getCallbackIps());
    await newClient({ corpSecret: "corrected" }).getCallbackIps();
  });

  it("do not stop a token that still works when only its refresh fails", async () => {
    await newClient().getCallbackIps();
    fail(40001);
    await store.pexpire(await key("token"), 60_000);
    const client = newClient();
    await client.getCallbackIps();
    await waitUntil("the refresh has failed", async () => (await keys("pause")).length > 0);
    await client.getCallbackIps();
    expect(wecom.calls("gettoken")).toHaveLength(2);
  });
});

describe("trouble on the way", () => {
  it("makes callers share a failed fetch instead of trying one after the other", async () => {
    wecom.on("gettoken", (_request, response) => void response.writeHead(502).end("<html>"));
    const errors = await Promise.all(
      Array.from({ length: 10 }, () => failureOf(newClient().getCallbackIps())),
    );
    for (const error of errors)
      expect(error).toMatchObject({ kind: "not_sent", retryable: true, api: "gettoken" });
    expect(wecom.calls("gettoken").length).toBeLessThanOrEqual(2);
  });

  it.each(["killed", "frozen"])("fails clearly and without asking WeCom while Redis is %s", async (fault) => {
    const own = await startPrivateRedis();
    try {
      const client = newClient({ redis: own.client() });
      await client.getCallbackIps();
      if (fault === "killed") await own.kill();
      else own.pause();
      const errors = await Promise.all(Array.from({ length: 20 }, () => failureOf(client.getCallbackIps())));
      for (const error of errors) {
        expect(error).toMatchObject({ code: "redis_unavailable", kind: "not_sent", retryable: true });
        expect(inspect(error, { depth: 10 })).not.toContain("token-1");
      }
      expect(wecom.calls("gettoken")).toHaveLength(1);
      expect(wecom.calls("getcallbackip")).toHaveLength(1);
    } finally {
      own.resume();
      await own.stop();
    }
  });
});
