import { describe, expect, it } from "@jest/globals";
import { systemClock } from "./clock.ts";

const after = (ms: number) =>
  new Promise<number>((resolve) => {
    const beganMs = performance.now();
    systemClock.after(ms, () => resolve(performance.now() - beganMs));
  });

describe("systemClock.after", () => {
  it("wakes each one when its time has come, and not before", async () => {
    const waits = [90, 0, 45].map(async (ms) => expect(await after(ms)).toBeGreaterThanOrEqual(ms));
    await Promise.all(waits);
  });

  it("wakes nobody who has called it off, also while others are woken, and works again afterwards", async () => {
    const woken: string[] = [];
    const calledOff = systemClock.after(0, () => woken.push("called off"));
    calledOff();
    systemClock.after(0, () => calledOffByFirst());
    const calledOffByFirst = systemClock.after(0, () => woken.push("called off by the first"));
    await after(0);
    await after(1);
    expect(woken).toEqual([]);
  });
});
