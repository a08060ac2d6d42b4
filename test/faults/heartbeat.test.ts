import { createKeys } from "@gateway/conversation";
import { createLogger } from "@gateway/service-kit";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Redis } from "ioredis";
import type { Heartbeat } from "../../services/worker/src/liveness/heartbeat.ts";
import { startHeartbeat } from "../../services/worker/src/liveness/heartbeat.ts";
import type { TestRedis } from "../support/redis.ts";
import { startRedis } from "../support/redis.ts";
import { trackClients } from "../support/redis-clients.ts";
import { waitUntil } from "../support/wait-until.ts";
import type { FaultProxy } from "./fault-proxy.ts";
import { startFaultProxy } from "./fault-proxy.ts";

const DEAD_AFTER_MS = 1000;

describe("a worker that judges whether others live", () => {
  let redis: TestRedis;
  let proxy: FaultProxy;
  let clients: ReturnType<typeof trackClients>;
  let direct: Redis;
  let judge: Heartbeat;
  let keys: ReturnType<typeof createKeys>;
  beforeEach(async () => {
    redis = await startRedis();
    proxy = await startFaultProxy(Number(new URL(redis.url).port));
    clients = trackClients(`redis://${proxy.address}`);
    direct = redis.client();
    keys = createKeys(redis.prefix);
    judge = startHeartbeat({
      redis: clients.open(),
      keys,
      workerId: "judge",
      bullmqWorkerIds: ["judge-turns"],
      activeLists: [`${redis.prefix}:turns:active`],
      deadAfterMs: DEAD_AFTER_MS,
      logger: createLogger({ level: "silent", service: "test" }),
    });
  });
  afterEach(async () => {
    await judge.stop();
    clients.closeAll();
    await proxy.close();
    await redis.stop();
  });

  /** The time of the last heartbeat is Redis's. */
  async function beatFor(workerId: string) {
    const [seconds = 0, micros = 0] = (await direct.time()) as unknown as number[];
    await direct.zadd(keys.workers, seconds * 1000 + Math.floor(micros / 1000), workerId);
    await direct.set(keys.worker(workerId), JSON.stringify([`${workerId}-turns`]));
  }
  const isKnown = async (workerId: string) => (await direct.zscore(keys.workers, workerId)) !== null;
  const now = async () => Number((await direct.zscore(keys.workers, "judge")) ?? 0);

  it("gives the work of a silent one back, and only that", async () => {
    const [dead, alive] = [`${redis.prefix}:turns:1:lock`, `${redis.prefix}:turns:2:lock`];
    await direct.rpush(`${redis.prefix}:turns:active`, "1", "2");
    await direct.mset(dead, "silent-turns:7", alive, "lively-turns:7");
    await beatFor("silent");
    await waitUntil("the silent one is declared dead", async () => {
      await beatFor("lively");
      return !(await isKnown("silent"));
    });
    expect(await direct.exists(dead)).toBe(0);
    expect(await direct.exists(alive)).toBe(1);
    expect(await isKnown("lively")).toBe(true);
  });

  it("judges nobody by a question that Redis received late: in an outage everybody is silent", async () => {
    const startedAtMs = await waitUntil("the judge beats", now);
    const mayJudge = async () => {
      await beatFor("healthy");
      return (await now()) - startedAtMs > DEAD_AFTER_MS * 2;
    };
    await waitUntil("the judge may judge", mayJudge);
    const question = proxy.holdRequest((bytes) => bytes.includes(`\r\n${DEAD_AFTER_MS}\r\n`));
    await question.held;
    const beforeMs = await now();
    await beatFor("healthy");
    // The outage: nobody reaches Redis.
    const isOver = async () => {
      const [seconds = 0] = (await direct.time()) as unknown as number[];
      return seconds * 1000 - beforeMs > DEAD_AFTER_MS * 2;
    };
    await waitUntil("the outage has lasted", isOver);
    question.release();
    await waitUntil("the judge has been heard again", async () => (await now()) > beforeMs);
    expect(await isKnown("healthy")).toBe(true);
  });
});
