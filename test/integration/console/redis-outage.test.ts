import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { PrivateRedis } from "../../support/redis.ts";
import { startPrivateRedis } from "../../support/redis.ts";
import { waitUntil } from "../../support/wait-until.ts";
import type { TestConsole } from "./harness.ts";
import { openSession, request, startConsole } from "./harness.ts";

const PAGE = { accept: "text/html" };

describe("the console while Redis is away", () => {
  let redis: PrivateRedis;
  let console: TestConsole;
  beforeEach(async () => {
    redis = await startPrivateRedis();
  });
  afterEach(async () => {
    await console.stop();
    await redis.stop();
  });
  const start = async () => {
    console = await startConsole({ redisUrl: redis.url, prefix: "{wgw}" });
  };
  const statusOf = async (path: string, cookie?: string) =>
    (await request(console.url, path, { cookie, headers: PAGE })).status;

  it("lives, is not ready, says what is wrong, and goes on with the same session afterwards", async () => {
    await start();
    await waitUntil("it is ready", async () => (await statusOf("/ready")) === 200);
    const cookie = await openSession(console.url);
    expect(await statusOf("/", cookie)).toBe(200);
    await redis.kill();

    expect(await statusOf("/health")).toBe(200);
    expect(await statusOf("/ready")).toBe(503);
    const page = await request(console.url, "/", { cookie, headers: PAGE });
    expect(page.status).toBe(503);
    expect(page.text).toContain("Redis does not answer");
    const api = await request(console.url, "/queues/api/queues", {
      cookie,
      headers: { accept: "application/json" },
    });
    expect([api.status, JSON.parse(api.text).error]).toEqual([503, "redis_unavailable"]);

    await redis.restart();
    await waitUntil("the overview is back", async () => (await statusOf("/", cookie)) === 200);
    expect(await statusOf("/queues/api/queues?activeQueue=inbound", cookie)).toBe(200);
  });

  it("answers in time when Redis hangs instead", async () => {
    await start();
    await waitUntil("it is ready", async () => (await statusOf("/ready")) === 200);
    const cookie = await openSession(console.url);
    redis.pause();
    expect(await statusOf("/", cookie)).toBe(503);
    redis.resume();
    await waitUntil("the overview is back", async () => (await statusOf("/", cookie)) === 200);
  });

  it("can be started before Redis", async () => {
    await redis.kill();
    await start();
    expect(await statusOf("/health")).toBe(200);
    expect(await statusOf("/login")).toBe(200);
    await redis.restart();
    await waitUntil("it is ready", async () => (await statusOf("/ready")) === 200);
    const cookie = await openSession(console.url);
    expect(await statusOf("/", cookie)).toBe(200);
    expect(await statusOf("/queues/api/queues?activeQueue=inbound", cookie)).toBe(200);
  });
});
