import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { SpawnedProcess } from "../../support/process.ts";
import { spawnProcess } from "../../support/process.ts";
import type { TestRedis } from "../../support/redis.ts";
import { startRedis } from "../../support/redis.ts";
import { waitUntil } from "../../support/wait-until.ts";
import type { FakeWecom } from "./fake-wecom.ts";
import { startFakeWecom } from "./fake-wecom.ts";

const SCRIPT = fileURLToPath(new URL("token-process.mjs", import.meta.url));
const START_LIMIT_MS = 150_000;

let redis: TestRedis;
let wecom: FakeWecom;
const processes: SpawnedProcess[] = [];

beforeEach(async () => {
  redis = await startRedis();
  wecom = await startFakeWecom();
  wecom.on("getcallbackip", () => ({ errcode: 0, ip_list: [] }));
});

afterEach(async () => {
  await Promise.all(processes.splice(0).map((child) => child.kill()));
  await wecom.stop();
  await redis.stop();
});

/** Starts real processes and returns when all of them have loaded everything and wait for `go`. */
async function startProcesses(count: number, timeoutMs = 5000): Promise<SpawnedProcess[]> {
  const store = redis.client();
  const started = Array.from({ length: count }, (_, index) =>
    spawnProcess({
      name: `token-process-${index}`,
      command: process.execPath,
      args: [SCRIPT, redis.url, redis.prefix, wecom.url, `${timeoutMs}`],
    }),
  );
  processes.push(...started);
  await waitUntil(
    "all processes are ready",
    async () => Number(await store.get(`${redis.prefix}:ready`)) >= count,
    {
      timeoutMs: START_LIMIT_MS,
      describe: () => started.map((child) => child.logs()).join("\n"),
    },
  );
  return started;
}

async function go(...started: SpawnedProcess[]): Promise<void> {
  const pipeline = redis.client().pipeline();
  for (const { pid } of started) pipeline.rpush(`${redis.prefix}:go-${pid}`, "go");
  await pipeline.exec();
}

describe("processes that share a token", () => {
  it(
    "make exactly one gettoken call when 20 of them need it at once",
    async () => {
      const started = await startProcesses(20);
      await go(...started);
      await Promise.all(started.map((child) => child.waitForLog(/outcome ok/)));
      expect(wecom.calls("gettoken")).toHaveLength(1);
      expect(wecom.calls("getcallbackip")).toHaveLength(20);
    },
    START_LIMIT_MS + 60_000,
  );

  it(
    "go on without the one that was killed while it fetched",
    async () => {
      let release = () => {};
      wecom.on("gettoken", async () => {
        // The first call hangs for good: its process dies with it.
        if (wecom.calls("gettoken").length === 1) await new Promise<void>((resolve) => (release = resolve));
        return { errcode: 0, access_token: "second", expires_in: 7200 };
      });
      const [holder, ...others] = await startProcesses(4);
      if (holder === undefined) throw new Error("no process");
      await go(holder);
      await waitUntil("the holder is fetching", () => wecom.calls("gettoken").length === 1);
      await go(...others);
      await holder.kill("SIGKILL");
      await Promise.all(others.map((child) => child.waitForLog(/outcome ok/)));
      release();
      expect(wecom.calls("gettoken")).toHaveLength(2);
      const used = wecom.calls("getcallbackip").map((call) => call.query.get("access_token"));
      expect(used).toEqual(["second", "second", "second"]);
    },
    START_LIMIT_MS + 60_000,
  );
});
