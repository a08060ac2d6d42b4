import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { freePort } from "../../../scripts/lib/ports.mjs";
import type { SpawnedProcess } from "../../support/process.ts";
import { spawnService } from "../../support/process.ts";
import type { TestRedis } from "../../support/redis.ts";
import { startRedis } from "../../support/redis.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { createTestApp, createTextPush, keysOf, readMailbox, send } from "./harness.ts";

const MESSAGES = 300;
const KILLS = 5;
/** A bound for the failing case. */
const LIMIT_MS = 180_000;
const IN_FLIGHT = 8;
/** A mailbox holds a limited number of messages; nobody takes them out here. */
const USERS = 10;

describe("kill -9 of a real ingress while messages come in", () => {
  const app = createTestApp();
  let redis: TestRedis;
  let ingress: SpawnedProcess | undefined;
  let port: number;
  beforeEach(async () => {
    redis = await startRedis();
    port = await freePort();
  });
  afterEach(async () => {
    await ingress?.kill();
    await redis.stop();
  });

  it(
    "leaves every message exactly once, in the mailbox and as a job",
    async () => {
      const base = `http://127.0.0.1:${port}`;
      await start();
      const waiting = Array.from({ length: MESSAGES }, (_, i) =>
        createTextPush(app, { msgId: `m${i}`, userId: `user${i % USERS}` }),
      );
      let acknowledged = 0;
      let resent = 0;
      const killer = killAtRandom(() => acknowledged);
      await Promise.all(
        Array.from({ length: IN_FLIGHT }, async () => {
          for (let push = waiting.shift(); push !== undefined; push = waiting.shift()) {
            await waitUntil(
              "ingress acknowledges",
              () => isTaken(push as ReturnType<typeof createTextPush>),
              {
                timeoutMs: LIMIT_MS,
              },
            );
            acknowledged += 1;
          }
        }),
      );
      await killer;

      const client = redis.client();
      const mailboxes = await Promise.all(
        Array.from({ length: USERS }, (_, user) => readMailbox(client, redis.prefix, app, `user${user}`)),
      );
      const ids = mailboxes.flat().map(({ id }) => id);
      expect(ids).toHaveLength(MESSAGES);
      expect(new Set(ids).size).toBe(MESSAGES);
      const jobs = await client.keys(`${redis.prefix}:inbound:cb-*`);
      expect(jobs.filter((key) => ids.some((id) => key.endsWith(`:${id}`)))).toHaveLength(MESSAGES);
      expect(resent).toBeGreaterThan(0);

      async function isTaken(push: ReturnType<typeof createTextPush>) {
        try {
          const response = await send(base, push);
          return response.status === 200 && (await response.text()) === "success";
        } catch {
          resent += 1;
          return false;
        }
      }
    },
    LIMIT_MS,
  );

  /** Kills at moments spread over the run, each time in the middle of requests. */
  async function killAtRandom(acknowledged: () => number) {
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const after = Math.floor((MESSAGES / (KILLS + 1)) * kill + Math.random() * 10);
      await waitUntil(`${after} messages are in`, () => acknowledged() >= after, { timeoutMs: LIMIT_MS });
      await ingress?.kill("SIGKILL");
      await start();
    }
  }

  async function start() {
    const { token, encodingAesKey } = keysOf(app);
    ingress = spawnService("ingress", {
      WECOM_CALLBACK_CORP_ID: app.corpId,
      WECOM_CALLBACK_CORP_SECRET: "s".repeat(43),
      WECOM_CALLBACK_AGENT_ID: app.agentId,
      WECOM_CALLBACK_TOKEN: token,
      WECOM_CALLBACK_ENCODING_AES_KEY: encodingAesKey,
      WECOM_CALLBACK_ALLOW_ALL_USERS: "true",
      WECOM_CALLBACK_HOST: "127.0.0.1",
      WECOM_CALLBACK_PORT: String(port),
      REDIS_URL: redis.url,
      REDIS_PREFIX: redis.prefix,
    });
    await ingress.waitForLog(/listening/);
  }
});
