import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Redis } from "ioredis";
import { freePort } from "../../../scripts/lib/ports.mjs";
import { plantSecret, secretsIn, takeLeaks } from "../../support/planted-secrets.ts";
import type { Stack } from "../../support/stack.ts";
import { startStack } from "../../support/stack.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { openSession, request, signIn } from "../console/harness.ts";

const CONTENT = "canary-content-of-a-person";
const REDIS_PASSWORD = "canary-redis-password";
const CONSOLE_PASSWORD = "canary-console-password";
const API_TOKEN = "canary-api-token-of-24-characters";
const TYPED = "canary-password-typed-wrong";

/** Where content has to be kept: what waits, what was said, what is to be sent or replayed. */
const HOLDS_CONTENT =
  /:(mailbox|control|turn|transcript|last-turn|outbox|reply|dead-letter|background|session|checkpoint):/;
const HOLDS_ACCESS_TOKEN = /:access-token:[^:]+:\d+:[0-9a-f]+:token$/;

/** Everything at once, at the most talkative level: what may not be seen is seen nowhere. */
describe("secrets and content", () => {
  let stack: Stack;
  let redis: Redis;
  const read: { readonly where: string; readonly text: string }[] = [];
  const note = (where: string, text: string) => void read.push({ where, text });

  beforeAll(async () => {
    const port = await freePort();
    stack = await startStack({
      ...{ console: true, metrics: true, apps: ["main", "second"] },
      redis: { port, extraArgs: ["--user", "gateway", "on", `>${REDIS_PASSWORD}`, "~*", "&*", "+@all"] },
      env: {
        ...{ REDIS_URL: `redis://gateway:${REDIS_PASSWORD}@127.0.0.1:${port}`, LOG_LEVEL: "trace" },
        ...{ CONSOLE_USER: "operator", CONSOLE_PASSWORD, CONSOLE_API_TOKEN: API_TOKEN, TURN_QUIET_MS: "0" },
      },
    });
    redis = stack.redis.client();
    for (const [what, secret] of [
      ["what a person wrote", CONTENT],
      ["what was typed as password", TYPED],
    ] as const)
      plantSecret(what, secret);
    await converse();
    for (const key of await redis.keys("*")) {
      if (!HOLDS_ACCESS_TOKEN.test(key)) continue;
      plantSecret("an access token", (await redis.hget(key, "token")) ?? "");
    }
    await visitConsole();
    await useApi();
    for (const service of [...stack.ingress, ...stack.workers, stack.console])
      note("/metrics", await (await fetch(service?.metricsUrl ?? "")).text());
  });
  afterAll(() => stack?.stop());

  /** Answers, commands, refused and failing sends, failing tokens, dead letters, and callbacks that are none. */
  async function converse(): Promise<void> {
    const { emulator } = stack;
    emulator.setFaults([
      { match: { path: "message/send", user: "lisi" }, action: { type: "errcode", errcode: 42001 } },
      { match: { path: "message/send", user: "lisi" }, action: { type: "errcode", errcode: 81013 } },
      {
        match: { path: "gettoken", corp: stack.apps[1]?.corpId ?? "" },
        action: { type: "errcode", errcode: 40001 },
      },
    ]);
    const say = (user: string, text: string, app = "main") => emulator.pushText({ app, user, text });
    await say("zhangsan", `hello ${CONTENT}`);
    await say("zhangsan", `/steer ${CONTENT}`);
    await say("lisi", `hello ${CONTENT}`);
    await say("wangwu", `fail ${CONTENT}`);
    await say("zhaoliu", `hello ${CONTENT}`, "second");
    const url = stack.callbackUrls[0] ?? "";
    const query = "?msg_signature=x&timestamp=1&nonce=2";
    await fetch(url + query, { method: "POST", body: `<xml><Content>${CONTENT}</Content></xml>` });
    await fetch(`${url}${query}&echostr=${CONTENT}`);
    await waitUntil(
      "all of it has happened",
      async () => {
        const dead = await redis.keys("*:dead:dead-*");
        return dead.length >= 2 && /could not fetch an access token/.test(stack.logs());
      },
      { timeoutMs: 40_000, describe: stack.logs },
    );
  }

  async function visitConsole(): Promise<void> {
    const base = stack.console?.url ?? "";
    await signIn(base, { password: TYPED });
    const cookie = await openSession(base, { password: CONSOLE_PASSWORD });
    const get = async (path: string) => {
      const answer = await request(base, path, { cookie });
      expect([path, answer.status]).toEqual([path, 200]);
      note(path, answer.text);
      return answer.text;
    };
    for (const path of ["/", "/overview", "/dead", "/access", "/audit", "/queues/"]) await get(path);
    const messages = await get("/messages");
    const links = [...messages.matchAll(/href="(\/messages\/[^"?]+)"/g)].map(([, link = ""]) => link);
    expect(links.length).toBeGreaterThan(3);
    for (const link of links) await get(link);
    for (const queue of ["inbound", "turns", "control", "deliver", "dead"])
      await get(`/queues/api/queues?activeQueue=${queue}&status=latest&page=1&jobsPerPage=50`);
    const [letter = ""] = await redis.keys("*:dead:dead-*");
    await request(base, "/dead/replay", {
      method: "POST",
      cookie,
      form: { id: letter.replace(/^.*:dead:/, "") },
    });
    note("/audit", (await request(base, "/audit", { cookie })).text);
  }

  async function useApi(): Promise<void> {
    const base = `${stack.console?.url}/api/v1`;
    const headers = { authorization: `Bearer ${API_TOKEN}`, "content-type": "application/json" };
    const message = { msgtype: "text", text: { content: CONTENT } };
    const body = JSON.stringify({ to: { user: "zhangsan" }, message });
    for (const authorization of [headers.authorization, "Bearer wrong-token-of-some-length"]) {
      const sent = await fetch(`${base}/messages`, {
        method: "POST",
        body,
        headers: { ...headers, authorization },
      });
      note("POST /messages", await sent.text());
    }
    const broken = await fetch(`${base}/messages`, { method: "POST", body: `{"${CONTENT}`, headers });
    note("a broken request's answer", await broken.text());
    note("/dead-letters", await (await fetch(`${base}/dead-letters`, { headers })).text());
  }

  it("are in no page, no answer and no metric", () => {
    expect(read.length).toBeGreaterThan(20);
    const found = read.flatMap(({ where, text }) => secretsIn(text).map((what) => `${where}: ${what}`));
    expect(found).toEqual([]);
  });

  it("are in no line of any process, at any level", () => {
    expect(stack.logs().length).toBeGreaterThan(5000);
    expect(secretsIn(stack.logs())).toEqual([]);
    expect(takeLeaks()).toEqual([]);
  });

  it("are in Redis where they have to be, and in no job, no timeline and no other key", async () => {
    const keys = await redis.keys("*");
    const found: string[] = [];
    let withContent = 0;
    for (const key of keys) {
      const value = `${key} ${await dump(redis, key)}`;
      for (const what of secretsIn(value)) {
        const isAllowed =
          (what === "what a person wrote" && HOLDS_CONTENT.test(key)) ||
          (what === "an access token" && HOLDS_ACCESS_TOKEN.test(key));
        if (isAllowed) withContent += 1;
        else found.push(`${key}: ${what}`);
      }
    }
    expect(found).toEqual([]);
    // The search does find what is there.
    expect(withContent).toBeGreaterThan(3);
  });
});

async function dump(redis: Redis, key: string): Promise<string> {
  switch (await redis.type(key)) {
    case "string":
      return (await redis.get(key)) ?? "";
    case "list":
      return (await redis.lrange(key, 0, -1)).join("\n");
    case "hash":
      return JSON.stringify(await redis.hgetall(key));
    case "set":
      return (await redis.smembers(key)).join("\n");
    case "zset":
      return (await redis.zrange(key, "0", "-1")).join("\n");
    case "stream":
      return JSON.stringify(await redis.xrange(key, "-", "+"));
    default:
      return "";
  }
}
