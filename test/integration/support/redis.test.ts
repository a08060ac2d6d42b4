import { afterEach, describe, expect, it } from "@jest/globals";
import type { PrivateRedis, TestRedis } from "../../support/redis.ts";
import { startPrivateRedis, startRedis } from "../../support/redis.ts";

describe("the shared Redis", () => {
  const started: TestRedis[] = [];
  afterEach(async () => {
    for (const redis of started.splice(0)) await redis.stop();
  });
  const start = async () => {
    const redis = await startRedis();
    started.push(redis);
    return redis;
  };

  it("gives every caller a key space of its own and empties it at the end", async () => {
    const [mine, other] = [await start(), await start()];
    expect(mine.prefix).toMatch(/^\{t-[0-9a-f]{8}\}$/);
    expect(mine.prefix).not.toBe(other.prefix);
    await mine.client().set(`${mine.prefix}:key`, "1");
    await other.client().set(`${other.prefix}:key`, "2");

    await mine.stop();

    expect(await other.client().exists(`${mine.prefix}:key`)).toBe(0);
    expect(await other.client().get(`${other.prefix}:key`)).toBe("2");
  });
});

describe("a private Redis", () => {
  let redis: PrivateRedis | undefined;
  afterEach(async () => {
    await redis?.stop();
    redis = undefined;
  });

  it("keeps what it had accepted through kill -9 and a restart", async () => {
    redis = await startPrivateRedis({ extraArgs: ["--appendfsync", "always"] });
    await redis.client().set("key", "kept");
    await redis.kill("SIGKILL");
    await expect(redis.client({ maxRetriesPerRequest: 0 }).get("key")).rejects.toThrow();
    await redis.restart();
    expect(await redis.client().get("key")).toBe("kept");
  });

  it("answers nothing while paused and goes on when resumed", async () => {
    redis = await startPrivateRedis({ appendonly: false });
    const client = redis.client();
    await client.set("key", "value");
    redis.pause();
    const impatient = redis.client({ commandTimeout: 200 });
    await expect(impatient.get("key")).rejects.toThrow(/timed out/i);
    redis.resume();
    expect(await client.get("key")).toBe("value");
  });
});
