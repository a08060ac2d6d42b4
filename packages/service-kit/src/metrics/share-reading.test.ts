import { describe, expect, it } from "@jest/globals";
import { shareReading } from "./share-reading.ts";

describe("shareReading", () => {
  function setUp(read: () => Promise<number>) {
    const clock = { nowMs: 0 };
    const errors: unknown[] = [];
    const reading = shareReading({
      read,
      keepMs: 100,
      timeoutMs: 50,
      onError: (error) => errors.push(error),
      now: () => clock.nowMs,
    });
    return { reading, clock, errors };
  }

  it("reads once for all who ask within a while, and anew afterwards", async () => {
    let reads = 0;
    const { reading, clock } = setUp(async () => {
      reads += 1;
      return reads;
    });
    expect(await Promise.all([reading(), reading()])).toEqual([1, 1]);
    clock.nowMs = 99;
    expect(await reading()).toBe(1);
    clock.nowMs = 100;
    expect(await reading()).toBe(2);
  });

  it.each([
    ["fails", () => Promise.reject(new Error("no Redis"))],
    ["never ends", () => new Promise<number>(() => undefined)],
  ])("is undefined when the reading %s, and says so once", async (_what, read) => {
    const { reading, errors } = setUp(read);
    expect(await Promise.all([reading(), reading()])).toEqual([undefined, undefined]);
    expect(errors.length).toBe(1);
  });
});
