import { describe, expect, it } from "@jest/globals";
import { checkRedis } from "./check-redis.ts";

const HEALTHY = {
  redis_version: "7.2.4",
  role: "master",
  maxmemory_policy: "noeviction",
  aof_enabled: "1",
  aof_last_write_status: "ok",
  rdb_last_bgsave_status: "ok",
};

function check(changes: Partial<typeof HEALTHY>) {
  const lines = Object.entries({ ...HEALTHY, ...changes }).map(([name, value]) => `${name}:${value}`);
  return checkRedis({ info: async () => `# Server\r\n${lines.join("\r\n")}\r\n` });
}

describe("checkRedis", () => {
  it.each([{}, { redis_version: "6.2.0" }, { redis_version: "10.0.1" }])(
    "is content with %j",
    async (changes) => {
      expect(await check(changes)).toEqual([]);
    },
  );

  it.each([
    [{ redis_version: "6.0.16" }, "error", /6\.2 or newer/],
    [{ redis_version: "5.0.7" }, "error", /6\.2 or newer/],
    [{ role: "slave" }, "error", /the primary/],
    [{ maxmemory_policy: "allkeys-lru" }, "error", /maxmemory-policy noeviction/],
    [{ aof_enabled: "0" }, "warning", /appendonly yes/],
    [{ aof_last_write_status: "err" }, "warning", /space left/],
  ] as const)("names the fix for %j", async (changes, severity, fix) => {
    expect(await check(changes)).toEqual([
      { severity, problem: expect.any(String), fix: expect.stringMatching(fix) },
    ]);
  });

  it("reports several problems at once", async () => {
    expect(
      await check({ redis_version: "5.0.0", maxmemory_policy: "volatile-ttl", aof_enabled: "0" }),
    ).toHaveLength(3);
  });

  it("says so when Redis does not answer, or refuses", async () => {
    const silent = await checkRedis({ info: () => new Promise(() => undefined) }, { timeoutMs: 10 });
    const refusing = await checkRedis({ info: () => Promise.reject(new Error("NOAUTH")) });
    for (const problems of [silent, refusing]) {
      expect(problems).toEqual([
        expect.objectContaining({ severity: "error", fix: expect.stringMatching(/REDIS_URL/) }),
      ]);
    }
  });
});
