import { describe, expect, it } from "@jest/globals";
import { requireRedis } from "./require-redis.ts";

describe("requireRedis", () => {
  it("refuses a Redis that would break a promise, in sentences", async () => {
    const redis = { info: async () => "redis_version:7.4.0\nrole:slave\n" };
    await expect(requireRedis(redis, { warn: () => undefined })).rejects.toThrow(
      /1\. Redis: This Redis is a read-only replica\.\n +Point REDIS_URL at the primary\.$/,
    );
  });
});
