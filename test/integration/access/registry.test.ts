import { createKeys } from "@gateway/conversation";
import type { AccessRegistry } from "@gateway/conversation/access";
import { ACCESS_LIMITS, createAccessRegistry, showPairingCode } from "@gateway/conversation/access";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Redis } from "ioredis";
import type { TestRedis } from "../../support/redis.ts";
import { startRedis } from "../../support/redis.ts";

const sales = { corpId: "wwOne", agentId: "1000002", appName: "sales" };
/** Same agent id, another corp. */
const other = { corpId: "wwTwo", agentId: "1000002", appName: "other" };

describe("who was let in, and who asks to be", () => {
  let redis: TestRedis;
  let client: Redis;
  let nowMs: number;
  let woken: string[];
  let registry: AccessRegistry;
  let causes: number;
  const createRegistry = () =>
    createAccessRegistry({
      redis: client,
      keys: createKeys(redis.prefix),
      wakeControl: async (conversation) => void woken.push(conversation),
      now: () => nowMs,
    });
  beforeEach(async () => {
    redis = await startRedis();
    client = redis.client();
    nowMs = 1_700_000_000_000;
    woken = [];
    causes = 0;
    registry = createRegistry();
  });
  afterEach(() => redis.stop());

  async function codeFor(userId: string, app = sales): Promise<string> {
    const result = await registry.request(app, userId);
    if (result.status !== "open") throw new Error(`no code: ${result.status}`);
    return result.request.code;
  }
  const approve = (code: string, app = sales) => registry.approve(app, code, "boss", `cause-${causes++}`);

  it("gives a person one code for as long as it is good, then another", async () => {
    const code = await codeFor("zhangsan");
    nowMs += ACCESS_LIMITS.codeMs - 1;
    expect(await codeFor("ZhangSan")).toBe(code);
    nowMs += 1;
    expect(await codeFor("zhangsan")).not.toBe(code);
    expect(await registry.listRequests(sales)).toHaveLength(1);
  });

  it("takes the code as it is typed, once, remembers who decided, and leaves word for the person", async () => {
    const code = await codeFor("zhangsan");
    const approved = await approve(showPairingCode(code).toLowerCase());
    const user = { userId: "zhangsan", approvedBy: "boss", approvedAtMs: nowMs };
    expect(approved).toEqual({ status: "approved", user });
    expect(await registry.listUsers(sales)).toEqual([user]);
    expect(await registry.listRequests(sales)).toEqual([]);
    expect(woken).toEqual(["wwOne:1000002:zhangsan"]);
    expect(await approve(code)).toEqual({ status: "unknown" });
    expect(await client.llen(createKeys(redis.prefix).control("wwOne:1000002:zhangsan"))).toBe(1);
  });

  it("knows what it has decided for the same cause, also in another process", async () => {
    const code = await codeFor("zhangsan");
    const first = await registry.approve(sales, code, "boss", "message-1");
    expect(await createRegistry().approve(sales, code, "boss", "message-1")).toEqual(first);
    for (let count = 0; count < 10; count += 1) await registry.approve(sales, "WRONG", "boss", "message-2");
    expect(await approve(await codeFor("lisi"))).toMatchObject({ status: "approved" });
  });

  it("lets one of two administrators decide who approve at the same moment", async () => {
    const code = await codeFor("zhangsan");
    const results = await Promise.all([approve(code), approve(code), approve(code)]);
    expect(results.filter(({ status }) => status === "approved")).toHaveLength(1);
    expect(await registry.listUsers(sales)).toHaveLength(1);
  });

  it("does not take an expired code", async () => {
    const code = await codeFor("zhangsan");
    nowMs += ACCESS_LIMITS.codeMs;
    expect(await approve(code)).toEqual({ status: "unknown" });
    expect(await registry.isApproved(sales, "zhangsan")).toBe(false);
  });

  it("locks after five wrong codes, for right ones too, in this app alone, and for an hour", async () => {
    const code = await codeFor("zhangsan");
    for (let count = 0; count < 5; count += 1) {
      expect(await approve("2222-2222")).toEqual({ status: "unknown" });
    }
    expect(await approve(code)).toEqual({ status: "locked" });
    expect(await registry.isApproved(sales, "zhangsan")).toBe(false);
    expect(await approve(await codeFor("zhangsan", other), other)).toMatchObject({ status: "approved" });

    const [failures = ""] = await client.keys(`${redis.prefix}:access-failures:wwOne:*`);
    const leftMs = await client.pttl(failures);
    expect(leftMs).toBeGreaterThan(ACCESS_LIMITS.lockoutMs - 60_000);
    expect(leftMs).toBeLessThanOrEqual(ACCESS_LIMITS.lockoutMs);
    await client.del(failures);
    expect(await approve(code)).toMatchObject({ status: "approved" });
  });

  it("keeps so many open requests and no more; expired ones make room", async () => {
    for (let count = 0; count < ACCESS_LIMITS.requests; count += 1) await codeFor(`user-${count}`);
    expect(await registry.request(sales, "late")).toEqual({ status: "full" });
    expect(await codeFor("user-0")).toBeDefined();
    expect(await codeFor("late", other)).toBeDefined();
    nowMs += ACCESS_LIMITS.codeMs;
    expect(await codeFor("late")).toBeDefined();
    expect(await registry.listRequests(sales)).toHaveLength(1);
  });

  it("never lets equal user ids of two corps meet", async () => {
    const code = await codeFor("zhangsan");
    expect(await approve(code, other)).toEqual({ status: "unknown" });
    await approve(code);
    expect(await registry.isApproved(sales, "zhangsan")).toBe(true);
    expect(await registry.isApproved(other, "zhangsan")).toBe(false);
    expect(await registry.listUsers(other)).toEqual([]);
    expect(await registry.revoke(other, "zhangsan")).toBe(false);
    expect(await registry.isApproved(sales, "zhangsan")).toBe(true);
  });

  it("revokes, whatever case the id is given in, and says whether there was anything", async () => {
    await registry.admit(sales, "ZhangSan", "console");
    expect(await registry.revoke(sales, "zhangsan")).toBe(true);
    expect(await registry.revoke(sales, "zhangsan")).toBe(false);
    expect(await registry.isApproved(sales, "ZhangSan")).toBe(false);
  });

  it("admits without a code and does not overwrite who decided first", async () => {
    const first = await registry.admit(sales, "zhangsan", "console");
    nowMs += 1000;
    expect(await registry.admit(sales, "ZHANGSAN", "somebody else")).toEqual(first);
    expect(await registry.request(sales, "zhangsan")).toEqual({ status: "approved" });
    expect(woken).toEqual([]);
  });

  it("lets approved people stay: nothing of them expires", async () => {
    await approve(await codeFor("zhangsan"));
    const [users = ""] = await client.keys(`${redis.prefix}:access-users:*`);
    expect(await client.pttl(users)).toBe(-1);
  });
});
