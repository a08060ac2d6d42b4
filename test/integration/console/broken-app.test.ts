import { createAgentReports, createKeys } from "@gateway/conversation";
import { createAppBreaker, WecomError } from "@gateway/wecom-client";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { TestRedis } from "../../support/redis.ts";
import { startRedis } from "../../support/redis.ts";
import type { TestConsole } from "./harness.ts";
import { cookieOf, request, signIn, startConsole } from "./harness.ts";

// Retires the risk that an app cannot send, or its agent not be used, and nobody who looks at the console sees it, or knows what to do.

describe("the overview", () => {
  let redis: TestRedis;
  let console: TestConsole;
  beforeAll(async () => {
    redis = await startRedis();
    console = await startConsole({ redisUrl: redis.url, prefix: redis.prefix });
  });
  afterAll(async () => {
    await console.stop();
    await redis.stop();
  });

  it("says which app cannot send, why, and what to do, in the reader's language", async () => {
    const client = redis.client();
    const breaker = createAppBreaker({ redis: client, prefix: redis.prefix });
    await client.hset(createKeys(redis.prefix).timelineApps, "ww1:2", "sales");
    const error = new WecomError({
      ...{ api: "message/send", app: "ww1/2", code: "errcode_60020", errcode: 60020, kind: "configuration" },
      summary: "errcode 60020, the address is not trusted",
      hint: "Add the address 203.0.113.7 to the app's trusted IPs.",
    });
    await breaker.fail({ corpId: "ww1", agentId: "2" }, error);

    const cookie = cookieOf(await signIn(console.url));
    const page = async (language: string) =>
      (await request(console.url, "/overview", { cookie, headers: { "accept-language": language } })).text;
    const english = await page("en");
    expect(english).toMatch(/sales has not been able to send/);
    expect(english).toContain("Add the address 203.0.113.7");
    const chinese = await page("zh-CN");
    expect(chinese).toMatch(/sales 已有.*无法发送/);
    expect(chinese).toContain("203.0.113.7");
    expect(chinese).not.toContain("Add the address");
  });

  it("tells a wrong secret in Chinese as something to correct", async () => {
    const breaker = createAppBreaker({ redis: redis.client(), prefix: redis.prefix });
    const error = new WecomError({
      ...{ api: "gettoken", app: "ww1/3", code: "errcode_40001", errcode: 40001, kind: "credentials" },
      summary: "errcode 40001, the secret is wrong",
      hint: "Copy the secret of this very app.",
    });
    await breaker.fail({ corpId: "ww1", agentId: "3" }, error);
    const cookie = cookieOf(await signIn(console.url));
    const headers = { "accept-language": "zh-CN" };
    const { text } = await request(console.url, "/overview", { cookie, headers });
    expect(text).toMatch(/ww1\/3 已有.*Secret 错误.*重新复制 Secret/);
    expect(text).not.toContain("access_token");
  });

  it("says which agent cannot be used, on how many workers, and what to do, until it works again", async () => {
    const client = redis.client();
    const keys = createKeys(redis.prefix);
    const reports = createAgentReports({ redis: client, keys });
    const problem = "No answer from http://10.0.0.8:8642. Start Hermes.";
    const of = (ok: boolean) => [
      { app: "support", runner: "hermes", ok, atMs: 1, ...(ok ? {} : { problem }) },
      { app: "sales", runner: "demo", ok: true, atMs: 1 },
    ];
    for (const [worker, ok] of [
      ["one", false],
      ["two", true],
    ] as const) {
      await client.zadd(keys.workers, Number((await client.time())[0]) * 1000, worker);
      await reports.write(worker, of(ok));
    }
    const cookie = cookieOf(await signIn(console.url));
    const page = async (language: string) =>
      (await request(console.url, "/overview", { cookie, headers: { "accept-language": language } })).text;
    expect(await page("en")).toMatch(/agent of support does not work, say 1 of 2 workers: No answer/);
    expect(await page("en")).toContain("Start Hermes.");
    expect(await page("zh-CN")).toMatch(/support 的智能体无法使用.*Start Hermes/);
    await reports.write("one", of(true));
    expect(await page("en")).not.toContain("Start Hermes");
  });
});
