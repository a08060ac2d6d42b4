import { createUserCorpMap } from "@gateway/wecom-client/user-corp-map";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { TestRedis } from "../../support/redis.ts";
import { startRedis } from "../../support/redis.ts";

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

let users = 0;
function setUp() {
  users += 1;
  const map = () => createUserCorpMap({ redis: redis.client(), prefix: redis.prefix });
  return { map: map(), another: map(), userId: `00${users}` };
}

describe("the user→corp map", () => {
  it("does not know a user it has not seen", async () => {
    const { map, userId } = setUp();
    expect(await map.resolve(userId)).toEqual({ status: "unknown" });
    expect(await map.lookup("ww1", userId)).toBeUndefined();
  });

  it("answers in every process with the corp and app the user last wrote to", async () => {
    const { map, another, userId } = setUp();
    await map.record({ corpId: "ww1", agentId: "1000002", userId, atMs: 10 });
    await map.record({ corpId: "ww1", agentId: "1000003", userId, atMs: 20 });
    const seen = { agentId: "1000003", lastSeenMs: 20 };
    expect(await another.resolve(userId)).toEqual({ status: "unique", corpId: "ww1", ...seen });
    expect(await another.lookup("ww1", userId)).toEqual(seen);
    expect(await another.lookup("ww2", userId)).toBeUndefined();
  });

  it("ends up with the latest sighting in whatever order the pushes come", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.nat({ max: 2 ** 48 }), { minLength: 1, maxLength: 12 }),
        async (times) => {
          const { map, userId } = setUp();
          await Promise.all(
            times.map((atMs) => map.record({ corpId: "ww1", agentId: `${atMs}`, userId, atMs })),
          );
          const latest = Math.max(...times);
          expect(await map.lookup("ww1", userId)).toEqual({ agentId: `${latest}`, lastSeenMs: latest });
        },
      ),
      { numRuns: 25 },
    );
  });

  it("says so when the id exists in two corps, the latest first", async () => {
    const { map, userId } = setUp();
    await map.record({ corpId: "ww1", agentId: "1", userId, atMs: 10 });
    await map.record({ corpId: "ww2", agentId: "2", userId, atMs: 20 });
    expect(await map.resolve(userId)).toEqual({
      status: "ambiguous",
      candidates: [
        { corpId: "ww2", agentId: "2", lastSeenMs: 20 },
        { corpId: "ww1", agentId: "1", lastSeenMs: 10 },
      ],
    });
    expect(await map.lookup("ww1", userId)).toEqual({ agentId: "1", lastSeenMs: 10 });
  });

  it("treats user ids like WeCom: text, in any case", async () => {
    const { map, userId } = setUp();
    await map.record({ corpId: "ww1", agentId: "1", userId: `${userId}ZhangSan`, atMs: 1 });
    expect(await map.resolve(`${userId}zhangsan`)).toMatchObject({ status: "unique" });
    expect(await map.resolve(`${Number(userId)}zhangsan`)).toEqual({ status: "unknown" });
  });

  it("keeps what it knows without expiry", async () => {
    const { map, userId } = setUp();
    await map.record({ corpId: "ww1", agentId: "1", userId, atMs: 1 });
    expect(await redis.client().ttl(`${redis.prefix}:user-corp:${userId}`)).toBe(-1);
  });

  it.each([{ userId: "" }, { userId: "x".repeat(65) }, { atMs: Number.NaN }, { corpId: "" }])(
    "refuses %j",
    async (change) => {
      const { map, userId } = setUp();
      await expect(map.record({ corpId: "ww1", agentId: "1", userId, atMs: 1, ...change })).rejects.toThrow(
        RangeError,
      );
    },
  );
});
