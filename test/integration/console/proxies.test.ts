import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { TestRedis } from "../../support/redis.ts";
import { startRedis } from "../../support/redis.ts";
import type { TestConsole } from "./harness.ts";
import { cookieOf, PASSWORD, postLogin, request, startConsole, USER } from "./harness.ts";

// Retires the risk that behind a proxy one person's mistakes lock everybody out, or that anybody chooses an address.

const ATTEMPTS = 10;

describe("where somebody signs in from", () => {
  let redis: TestRedis;
  let console: TestConsole;
  beforeEach(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    await console.stop();
    await redis.stop();
  });
  const start = async (trustedProxies: readonly string[]) => {
    console = await startConsole({ redisUrl: redis.url, prefix: redis.prefix, trustedProxies });
  };
  const tryFrom = (forwarded: string, password = "not this one") =>
    postLogin(console.url, { user: USER, password }, { headers: { "x-forwarded-for": forwarded } });
  const failOften = async (forwarded: (attempt: number) => string) => {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1)
      expect((await tryFrom(forwarded(attempt))).status).toBe(401);
  };

  it("is told by no header where no proxy is trusted", async () => {
    await start([]);
    await failOften((attempt) => `203.0.113.${attempt}`);
    expect((await tryFrom("203.0.113.99")).status).toBe(429);
  });

  it("is told by a proxy that is trusted: who mistypes locks out nobody else, and the audit page names the address", async () => {
    await start(["loopback"]);
    await failOften(() => "203.0.113.1");
    expect((await tryFrom("203.0.113.1", PASSWORD)).status).toBe(429);
    const cookie = cookieOf(await tryFrom("203.0.113.2", PASSWORD));
    const { text } = await request(console.url, "/audit", { cookie });
    expect(text).toContain("203.0.113.2");
  });

  it("is not what somebody says of themselves before the proxy", async () => {
    await start(["loopback"]);
    await failOften((attempt) => `198.51.100.${attempt}, 203.0.113.1`);
    expect((await tryFrom("198.51.100.99, 203.0.113.1")).status).toBe(429);
  });

  it("is not what is no address", async () => {
    await start(["loopback"]);
    await failOften((attempt) => `junk-${attempt}`);
    expect((await tryFrom("junk-99")).status).toBe(429);
  });
});
