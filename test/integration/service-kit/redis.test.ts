import type { RedisRole } from "@gateway/service-kit";
import { checkRedis, createRedis } from "@gateway/service-kit";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Redis } from "ioredis";
import { watchLeaks } from "../../support/leaks.ts";
import type { PrivateRedis } from "../../support/private-redis.ts";
import { startPrivateRedis } from "../../support/private-redis.ts";
import { startRedis } from "../../support/redis.ts";
import { waitUntil } from "../../support/wait-until.ts";

describe("createRedis", () => {
  let server: PrivateRedis;
  const opened: Redis[] = [];
  const errors: Error[] = [];

  beforeEach(async () => {
    server = await startPrivateRedis();
  });
  afterEach(async () => {
    for (const redis of opened.splice(0)) redis.disconnect();
    errors.length = 0;
    await server.stop();
  });

  async function open(role: RedisRole, url = server.url): Promise<Redis> {
    const redis = createRedis(url, role, (error) => errors.push(error));
    opened.push(redis);
    await waitUntil("the connection is ready", () => redis.status === "ready");
    return redis;
  }

  it("as a producer fails at once while Redis is down, and works soon after it is back", async () => {
    const redis = await open("producer");
    await redis.set("key", "kept");
    await server.kill();
    await waitUntil("the connection is noticed as lost", () => redis.status !== "ready");
    await expect(redis.set("key", "lost")).rejects.toThrow();
    await waitUntil("a refused connection is reported", () => errors.length > 0);
    await server.restart();
    await waitUntil("the producer works again", async () => (await redis.get("key")) === "kept");
  });

  it("as a producer gives up on a Redis that hangs", async () => {
    const redis = await open("producer");
    server.pause();
    await expect(redis.ping()).rejects.toThrow(/timed out/i);
    server.resume();
    await waitUntil("the producer works again", async () => (await redis.ping()) === "PONG");
  });

  it("uses a Redis soon after it has loaded, however long Redis thought that would take", async () => {
    const operator = server.client({ enableReadyCheck: false });
    const filling = operator.pipeline();
    for (let key = 0; key < 20_000; key += 1) filling.set(`ballast:${key}`, "x");
    await filling.exec();
    await server.kill();
    // Half a minute, as it looks at first.
    const loaded = server.restart(["--key-load-delay", "1500"]);
    loaded.catch(() => undefined);
    const producer = createRedis(server.url, "producer", (error) => errors.push(error));
    const worker = createRedis(server.url, "worker", (error) => errors.push(error));
    opened.push(producer, worker);
    await waitUntil("Redis knows how long it will take", async () =>
      /loading_eta_seconds:\d\d/.test(await operator.info("persistence")),
    );
    await waitUntil("both have looked", () => [producer, worker].every(({ status }) => status === "connect"));
    await operator.config("SET", "key-load-delay", "0");
    await loaded;
    // Far less than the ten seconds after which ioredis looks again unless it is told otherwise.
    const areReady = () => [producer, worker].every(({ status }) => status === "ready");
    await waitUntil("both are ready", areReady, { timeoutMs: 5000 });
  });

  it("as a worker keeps its blocking read through an outage", async () => {
    const redis = await open("worker");
    const popped = redis.blpop("list", 0);
    await server.kill();
    await waitUntil("the connection is noticed as lost", () => redis.status !== "ready");
    await server.restart();
    await server.client().rpush("list", "value");
    expect(await popped).toEqual(["list", "value"]);
  });

  it("logs in with user and password, and never shows them when they are wrong", async () => {
    await server
      .client()
      .call("ACL", "SETUSER", "gateway", "on", ">right-password", "allkeys", "allcommands");
    await server.client().call("ACL", "SETUSER", "default", "off");
    const address = `127.0.0.1:${server.port}`;
    const redis = await open("producer", `redis://gateway:right-password@${address}`);
    expect(await redis.call("ACL", "WHOAMI")).toBe("gateway");

    const wrong = createRedis(`redis://gateway:wrong-password@${address}`, "worker", (error) =>
      errors.push(error),
    );
    opened.push(wrong);
    await waitUntil("the login failed", () => errors.some((error) => error.message.includes("WRONGPASS")));
    for (const error of errors) {
      expect(`${error.stack} ${JSON.stringify(error)} ${Object.values(error).join()}`).not.toContain(
        "wrong-password",
      );
    }
  });

  it("leaves nothing open after quit", async () => {
    const leaks = await watchLeaks();
    const redis = await open("producer");
    await redis.quit();
    await leaks.settle();
  });
});

describe("checkRedis", () => {
  it("is content with an append-only Redis that evicts nothing", async () => {
    const server = await startPrivateRedis();
    expect(await checkRedis(server.client())).toEqual([]);
    await server.stop();
  });

  it("names what is wrong with a cache", async () => {
    const server = await startPrivateRedis({
      appendonly: false,
      extraArgs: ["--maxmemory-policy", "allkeys-lru"],
    });
    const problems = await checkRedis(server.client());
    expect(problems.map(({ severity }) => severity)).toEqual(["error", "warning"]);
    expect(problems[0]?.problem).toContain("maxmemory-policy is allkeys-lru");
    await server.stop();
  });

  it("finds the shared test Redis fit to hold a queue", async () => {
    const redis = await startRedis();
    const problems = await checkRedis(redis.client());
    expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
    await redis.stop();
  });

  it("does not wait for a Redis that is not there", async () => {
    const server = await startPrivateRedis();
    const { url } = server;
    await server.stop();
    const redis = createRedis(url, "worker");
    expect(await checkRedis(redis, { timeoutMs: 100 })).toEqual([
      expect.objectContaining({ severity: "error" }),
    ]);
    redis.disconnect();
  });
});
