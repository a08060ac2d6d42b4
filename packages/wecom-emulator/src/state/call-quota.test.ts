import { describe, expect, it } from "@jest/globals";
import { createCallQuota } from "./call-quota.ts";

describe("calls of one API by one corp", () => {
  it("closes the API for a minute when a minute was too full, even for fewer calls", () => {
    let nowMs = 0;
    const quota = createCallQuota({ nowMs: () => nowMs, perMinute: 3, perHour: 100 });
    const take = () => quota.take("ww1", "user/get");
    expect([take(), take(), take(), take()]).toEqual([true, true, true, false]);
    nowMs = 59_999;
    expect(take()).toBe(false);
    expect(quota.take("ww1", "agent/get")).toBe(true);
    expect(quota.take("ww2", "user/get")).toBe(true);
    nowMs = 60_000;
    expect(take()).toBe(true);
  });

  it("closes it for an hour when an hour was too full", () => {
    let nowMs = 0;
    const quota = createCallQuota({ nowMs: () => nowMs, perMinute: 100, perHour: 3 });
    const take = () => quota.take("ww1", "user/get");
    expect([take(), take(), take(), take()]).toEqual([true, true, true, false]);
    nowMs = 3_599_999;
    expect(take()).toBe(false);
    nowMs = 3_600_000;
    expect(take()).toBe(true);
  });
});
