import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { createMemberQuota } from "./member-quota.ts";

function quotaAt(start = 0, limits: { perMinute?: number; perHour?: number } = {}) {
  let nowMs = start;
  const quota = createMemberQuota({
    nowMs: () => nowMs,
    perMinute: 30,
    perHour: 1000,
    maxMembers: 100,
    ...limits,
  });
  const take = (user = "zhangsan", app = "a") => quota.take(app, user);
  const wait = (ms: number) => {
    nowMs += ms;
  };
  return { take, wait };
}

describe("messages to one member", () => {
  it("drops the 31st of a minute, and takes the next one a minute after the first", () => {
    const { take, wait } = quotaAt();
    expect(Array.from({ length: 30 }, () => take())).toEqual(Array(30).fill("delivered"));
    expect(take()).toBe("dropped_minute_limit");
    wait(59_999);
    expect(take()).toBe("dropped_minute_limit");
    wait(1);
    expect(take()).toBe("delivered");
  });

  it("counts members and apps apart", () => {
    const { take } = quotaAt();
    for (let sent = 0; sent < 31; sent += 1) take();
    expect(take("lisi")).toBe("delivered");
    expect(take("zhangsan", "b")).toBe("delivered");
  });

  it("drops what goes beyond 1000 an hour although no minute is full", () => {
    const { take, wait } = quotaAt();
    for (let sent = 0; sent < 1000; sent += 1) {
      expect(take()).toBe("delivered");
      wait(3000);
    }
    expect(take()).toBe("dropped_hour_limit");
    wait(3_600_000 - 1000 * 3000);
    expect(take()).toBe("delivered");
  });

  it("never lets more than the limit through in any minute", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20_000), { maxLength: 200 }), (pauses) => {
        const { take, wait } = quotaAt(0, { perMinute: 5 });
        let nowMs = 0;
        const delivered: number[] = [];
        for (const pause of pauses) {
          wait(pause);
          nowMs += pause;
          if (take() === "delivered") delivered.push(nowMs);
        }
        for (const time of delivered) {
          expect(
            delivered.filter((other) => other >= time && other < time + 60_000).length,
          ).toBeLessThanOrEqual(5);
        }
      }),
    );
  });
});
