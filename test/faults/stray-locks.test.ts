import { createLogger } from "@gateway/service-kit";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Redis } from "ioredis";
import { createHeldJobs } from "../../services/worker/src/liveness/held-jobs.ts";
import { startStrayLocks } from "../../services/worker/src/liveness/stray-locks.ts";
import type { TestRedis } from "../support/redis.ts";
import { startRedis } from "../support/redis.ts";
import { trackClients } from "../support/redis-clients.ts";
import { waitUntil } from "../support/wait-until.ts";
import type { FaultProxy } from "./fault-proxy.ts";
import { startFaultProxy } from "./fault-proxy.ts";

describe("a worker that gives back what never arrived", () => {
  let redis: TestRedis;
  let proxy: FaultProxy;
  let clients: ReturnType<typeof trackClients>;
  let direct: Redis;
  beforeEach(async () => {
    redis = await startRedis();
    proxy = await startFaultProxy(Number(new URL(redis.url).port));
    clients = trackClients(`redis://${proxy.address}`);
    direct = redis.client();
  });
  afterEach(async () => {
    clients.closeAll();
    await proxy.close();
    await redis.stop();
  });

  it("keeps the lock of a job that arrives while it gives another one back", async () => {
    const active = `${redis.prefix}:turns:active`;
    const lockOf = (job: string) => `${redis.prefix}:turns:${job}:lock`;
    await direct.rpush(active, "1", "2");
    await direct.mset(lockOf("1"), "mine:1", lockOf("2"), "mine:2");
    const held = createHeldJobs();
    const slow = proxy.holdRequest((bytes) => bytes.includes(`${lockOf("1")}\r\n`));
    const strays = startStrayLocks({
      ...{ redis: clients.open(), bullmqWorkerIds: ["mine"], activeLists: [active], held },
      logger: createLogger({ level: "silent", service: "test" }),
    });
    try {
      await slow.held;
      held.enter({ queue: "turns", id: "2", token: "mine:2" }, () => undefined);
      slow.release();
      await waitUntil("the first is given back", async () => (await direct.exists(lockOf("1"))) === 0);
    } finally {
      await strays.stop();
    }
    expect(await direct.get(lockOf("2"))).toBe("mine:2");
  }, 60_000);
});
