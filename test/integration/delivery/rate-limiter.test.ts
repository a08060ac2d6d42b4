import type { Permit, RateLimiter, SendLimits, SendRequest } from "@gateway/wecom-client";
import { createRateLimiter } from "@gateway/wecom-client";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { TestRedis } from "../../support/redis.ts";
import { startRedis } from "../../support/redis.ts";
import { waitUntil } from "../../support/wait-until.ts";

// Retires the risk that two workers together send a member more than WeCom keeps, which no answer would tell.

let server: TestRedis;
let users = 0;
let apps = 0;

beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

/** A limiter as another process would have it: its own connection, the same Redis. */
function limiter(limits: Partial<SendLimits> = {}): RateLimiter {
  return createRateLimiter({
    redis: server.client(),
    prefix: server.prefix,
    api: "message/send",
    limits,
  });
}

/** A member of an app that no other test uses. */
function request(change: Partial<SendRequest> = {}): SendRequest {
  return { corpId: `ww${++apps}`, agentId: "2", userIds: [`user-${++users}`], kind: "answer", ...change };
}

async function permit(from: RateLimiter, of: SendRequest): Promise<Permit> {
  const taken = await from.take(of);
  if (!taken.ok) throw new Error(`no permit: ${taken.why} for ${taken.afterMs} ms`);
  return taken.permit;
}

const take = (from: RateLimiter, of: SendRequest, times: number) =>
  Promise.all(Array.from({ length: times }, () => from.take(of)));

describe("the member's limit", () => {
  it("is one for all processes, and asking again later is all that a refusal costs", async () => {
    const [one, other] = [limiter(), limiter()];
    const member = request();
    const all = (await Promise.all([take(one, member, 40), take(other, member, 40)])).flat();
    expect(all.filter(({ ok }) => ok)).toHaveLength(30);
    for (const taken of all) {
      if (taken.ok) continue;
      expect(taken.why).toBe("member_minute");
      expect(taken.afterMs).toBeGreaterThan(0);
      expect(taken.afterMs).toBeLessThanOrEqual(60_500);
    }
  });

  it("holds in every window, not only from minute to minute", async () => {
    const limits = limiter({ minuteMs: 600, memberPerMinute: 5 });
    const member = request();
    const at: number[] = [];
    await waitUntil("30 permits were given", async () => {
      const taken = await limits.take(member);
      if (!taken.ok) return false;
      at.push(taken.permit.takenAtMs);
      await limits.settle(taken.permit, "sent");
      return at.length === 30;
    });
    // The sixth after any permit is a whole window later.
    for (let n = 5; n < at.length; n++) expect((at[n] ?? 0) - (at[n - 5] ?? 0)).toBeGreaterThanOrEqual(600);
  });

  it("knows a member however the id is written, and apart from every other app and member", async () => {
    const limits = limiter({ memberPerMinute: 1 });
    const member = request({ userIds: ["ZhangSan"] });
    await permit(limits, member);
    expect(await limits.take({ ...member, userIds: ["zhangsan"] })).toMatchObject({ ok: false });
    await permit(limits, { ...member, userIds: ["lisi"] });
    await permit(limits, { ...member, agentId: "3" });
    await permit(limits, { ...member, corpId: `${member.corpId}x` });
    expect(await limits.take({ ...member, userIds: ["wangwu", "lisi"] })).toMatchObject({ ok: false });
  });

  it("has an hour as well", async () => {
    const limits = limiter({ minuteMs: 1, memberPerHour: 3 });
    const member = request();
    for (let n = 0; n < 3; n++) await limits.settle(await permit(limits, member), "sent");
    expect(await limits.take(member)).toMatchObject({ ok: false, why: "member_hour" });
  });

  it("leaves room for answers when notices have used theirs up", async () => {
    const limits = limiter();
    const member = request();
    const notices = await take(limits, { ...member, kind: "notice" }, 20);
    expect(notices.filter(({ ok }) => ok)).toHaveLength(10);
    expect(notices.find(({ ok }) => !ok)).toMatchObject({ why: "notices_minute" });
    expect((await take(limits, member, 40)).filter(({ ok }) => ok)).toHaveLength(20);
  });

  it("gets back what was never sent, and counts what was from the end of its sending", async () => {
    const limits = limiter({ memberPerMinute: 2, corpPerMinute: 2 });
    const member = request({ appPerDay: 2 });
    for (let n = 0; n < 20; n++) await limits.settle(await permit(limits, member), "unused");
    const first = await permit(limits, member);
    await limits.settle(first, "sent");
    await limits.settle(await permit(limits, member), "used");
    expect(await limits.take(member)).toMatchObject({ ok: false });

    const slow = limiter({ minuteMs: 2000, memberPerMinute: 1 });
    const other = request();
    const underWay = await permit(slow, other);
    const early = await slow.take(other);
    await waitUntil("a while has passed", async () => {
      const left = await slow.take(other);
      return !left.ok && left.afterMs < (early.ok ? 0 : early.afterMs) - 200;
    });
    await slow.settle(underWay, "sent");
    expect(await slow.take(other)).toMatchObject({ ok: false, afterMs: expect.any(Number) });
    const after = await slow.take(other);
    expect(!after.ok && after.afterMs > 1800).toBe(true);
  });
});

describe("the other limits", () => {
  it("keeps an app inside its day", async () => {
    const limits = limiter();
    const member = request({ appPerDay: 5 });
    const all = await Promise.all(
      Array.from({ length: 8 }, (_, n) => limits.take({ ...member, userIds: [`u${n}`] })),
    );
    expect(all.filter(({ ok }) => ok)).toHaveLength(5);
    const refused = all.find(({ ok }) => !ok);
    expect(refused).toMatchObject({ why: "app_day" });
    expect(!refused?.ok && (refused?.afterMs ?? 0) <= 24 * 3600 * 1000).toBe(true);
  });

  it("keeps all apps of a corp together inside the API's minute and lets them on afterwards", async () => {
    const limits = limiter({ minuteMs: 600, corpPerMinute: 4 });
    const member = request();
    const of = (n: number) => ({ ...member, agentId: String(n), userIds: [`u${n}`] });
    const all = await Promise.all(Array.from({ length: 7 }, (_, n) => limits.take(of(n))));
    expect(all.filter(({ ok }) => ok)).toHaveLength(4);
    expect(all.find(({ ok }) => !ok)).toMatchObject({ why: "corp_minute" });
    await waitUntil("the minute is over", async () => (await limits.take(of(9))).ok);
  });
});

describe("45009", () => {
  it("stops the app for everybody, longer every time, and lets one through to look", async () => {
    const blocksMs = [2000, 30_000] as const;
    const [one, other] = [limiter({ blocksMs }), limiter({ blocksMs })];
    const member = request();
    const refused = await permit(one, member);
    expect(await one.pause(refused)).toBe(2000);
    await one.settle(refused, "used");
    expect(await other.take({ ...member, userIds: ["another"] })).toMatchObject({ ok: false, why: "paused" });
    await permit(other, { ...member, agentId: "3" });

    const probe = await waitUntil("the block is over", async () => {
      const taken = await other.take(member);
      return taken.ok ? taken.permit : undefined;
    });
    expect(await one.take({ ...member, userIds: ["another"] })).toMatchObject({ why: "concurrency" });
    expect(await other.pause(probe)).toBeGreaterThan(100);
    expect(await other.pause(probe)).toBeLessThanOrEqual(30_000);
  });

  it("forgets the blocks once a message has passed", async () => {
    const limits = limiter({ blocksMs: [50, 30_000] });
    const member = request();
    for (let n = 0; n < 3; n++) {
      const refused = await waitUntil("the block is over", async () => {
        const taken = await limits.take(member);
        return taken.ok ? taken.permit : undefined;
      });
      expect(await limits.pause(refused)).toBe(50);
      await limits.settle(refused, "used");
      const passed = await waitUntil("the block is over", async () => {
        const taken = await limits.take(member);
        return taken.ok ? taken.permit : undefined;
      });
      await limits.settle(passed, "sent");
    }
  });
});

describe("45033", () => {
  it("halves what is under way at once, for everybody, and grows slowly again", async () => {
    const limits = { growMs: 200, memberPerMinute: 1000 };
    const [one, other] = [limiter(limits), limiter(limits)];
    const member = request();
    const underWay = await Promise.all(Array.from({ length: 8 }, () => permit(one, member)));
    const [first] = underWay;
    if (first === undefined) throw new Error("no permit");
    // The complaints of all eight are one.
    await Promise.all(underWay.map((each) => one.slowDown(each)));
    await Promise.all(underWay.map((each) => one.settle(each, "used")));
    const next = await Promise.all([take(one, member, 8), take(other, member, 8)]);
    const granted = next.flat().filter(({ ok }) => ok);
    expect(granted.length).toBeGreaterThanOrEqual(4);
    expect(granted.length).toBeLessThan(8);
    expect(next.flat().find(({ ok }) => !ok)).toMatchObject({ why: "concurrency" });
    await waitUntil("one more may go", async () => (await other.take(member)).ok);
  });
});
