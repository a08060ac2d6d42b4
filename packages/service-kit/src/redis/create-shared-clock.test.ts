import { EventEmitter } from "node:events";
import { afterEach, describe, expect, it } from "@jest/globals";
import type { SharedClock } from "./create-shared-clock.ts";
import { createSharedClock } from "./create-shared-clock.ts";

const REDIS_MS = 1_700_000_000_000;
const clocks: SharedClock[] = [];
afterEach(() => {
  for (const clock of clocks.splice(0)) clock.stop();
});

function clockThatIs(aheadMs: number, time = async (): Promise<number[]> => [REDIS_MS / 1000, 0]) {
  const warnings: unknown[] = [];
  const redis = Object.assign(new EventEmitter(), { time });
  const own = { nowMs: REDIS_MS + aheadMs };
  const clock = createSharedClock({
    redis: redis as never,
    logger: { warn: (...line: unknown[]) => void warnings.push(line) } as never,
    ownNow: () => own.nowMs,
  });
  clocks.push(clock);
  return { clock, warnings, redis, own };
}

describe("the shared clock", () => {
  it.each([540_000, -540_000])(
    "is that of Redis when its own is %i ms ahead, and says so once",
    async (aheadMs) => {
      const { clock, warnings } = clockThatIs(aheadMs);
      await clock.look();
      await clock.look();
      expect(clock.now()).toBe(REDIS_MS);
      expect(clock.of(REDIS_MS + aheadMs - 5)).toBe(REDIS_MS - 5);
      expect(warnings).toEqual([[{ aheadSeconds: aheadMs / 1000 }, expect.any(String)]]);
    },
  );

  it("is its own where the two nearly agree, and again when it was set right", async () => {
    const { clock, own, warnings } = clockThatIs(900);
    await clock.look();
    expect(clock.now()).toBe(REDIS_MS + 900);
    expect(warnings).toEqual([]);
    own.nowMs = REDIS_MS + 5000;
    await clock.look();
    expect(clock.now()).toBe(REDIS_MS);
    own.nowMs = REDIS_MS;
    await clock.look();
    expect(clock.now()).toBe(REDIS_MS);
  });

  it("keeps what it knows while Redis is away", async () => {
    let isAway = false;
    const { clock } = clockThatIs(60_000, () =>
      isAway ? Promise.reject(new Error("gone")) : Promise.resolve([REDIS_MS / 1000, 0]),
    );
    await clock.look();
    isAway = true;
    await clock.look();
    expect(clock.now()).toBe(REDIS_MS);
  });

  it("looks when the connection is there", async () => {
    const { clock, redis } = clockThatIs(60_000);
    redis.emit("ready");
    await new Promise(setImmediate);
    expect(clock.now()).toBe(REDIS_MS);
  });
});
