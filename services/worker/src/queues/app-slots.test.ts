import { describe, expect, it } from "@jest/globals";
import { createAppSlots } from "./app-slots.ts";

describe("createAppSlots", () => {
  it("keeps half of the places free of any one app", () => {
    const slots = createAppSlots({ concurrency: 4, apps: () => 2 });
    const first = slots.enter("a");
    expect(first).toBeDefined();
    expect(slots.enter("a")).toBeDefined();
    expect(slots.enter("a")).toBeUndefined();
    expect(slots.enter("b")).toBeDefined();
    first?.();
    first?.();
    expect(slots.enter("a")).toBeDefined();
    expect(slots.enter("a")).toBeUndefined();
  });

  it("keeps room for one more app than there are crowds", () => {
    const slots = createAppSlots({ concurrency: 60, apps: () => 5 });
    const taken = new Map<string, (() => void)[]>();
    const crowd = (app: string) => {
      const ways = taken.get(app) ?? [];
      for (let leave = slots.enter(app); leave !== undefined; leave = slots.enter(app)) ways.push(leave);
      taken.set(app, ways);
    };
    for (const app of ["a", "b", "c"]) crowd(app);
    expect([...taken.values()].map((ways) => ways.length)).toEqual([30, 15, 8]);
    expect(slots.enter("d")).toBeDefined();
    // As turns end the crowds' shares become alike: a quarter each, and a quarter is free.
    for (let round = 0; round < 60; round += 1) {
      for (const [app, ways] of taken) {
        ways.shift()?.();
        crowd(app);
      }
    }
    for (const ways of taken.values()) expect(Math.abs(ways.length - 15)).toBeLessThanOrEqual(2);
  });

  it("spaces out when a crowd asks again, and lets others go before it for as long as it waits", () => {
    let nowMs = 0;
    const slots = createAppSlots({ concurrency: 4, apps: () => 2, now: () => nowMs });
    expect(slots.overtakes("b")).toBe(false);
    const pauses = Array.from({ length: 600 }, () => slots.turnAway("a").afterMs);
    expect(pauses.slice(0, 3)).toEqual([1000, 1020, 1040]);
    expect([slots.overtakes("a"), slots.overtakes("b")]).toEqual([false, true]);
    nowMs = pauses.at(-1) ?? 0;
    expect(slots.overtakes("b")).toBe(false);
    expect(slots.turnAway("a").afterMs).toBe(1000);
  });

  it("lets nobody wait for more than half a minute without asking", () => {
    const slots = createAppSlots({ concurrency: 4, apps: () => 2, now: () => 0 });
    const pauses = Array.from({ length: 5000 }, () => slots.turnAway("a").afterMs);
    expect(Math.max(...pauses)).toBe(30_000);
  });

  it("calls one who waits for each place that becomes free, in the order in which they came", () => {
    let nowMs = 0;
    const slots = createAppSlots({ concurrency: 8, apps: () => 2, now: () => nowMs });
    const ways = [1, 2, 3, 4].map(() => slots.enter("a"));
    const called: string[] = [];
    const wait = (id: string) => slots.turnAway("a").standInLine(async () => void called.push(id));
    for (const id of ["1", "2", "3"]) wait(id);
    for (const leave of ways.slice(0, 2)) leave?.();
    expect(called).toEqual(["1", "2"]);
    // It has asked by itself; what it waits for now is not a place.
    nowMs = 2000;
    wait("4");
    for (const leave of ways.slice(2)) leave?.();
    expect(called).toEqual(["1", "2", "4"]);
  });

  it("calls the next one where somebody has gone, and nobody who would find no place", async () => {
    const slots = createAppSlots({ concurrency: 4, apps: () => 2 });
    const [ofA, , ofB] = [slots.enter("a"), slots.enter("a"), slots.enter("b")];
    const called: string[] = [];
    const wait = (app: string, name: string, isThere = true) =>
      slots.turnAway(app).standInLine(async () => {
        if (!isThere) throw new Error("it does not wait any more");
        called.push(name);
      });
    wait("b", "gone", false);
    wait("b", "there");
    wait("a", "of the crowd");
    ofB?.();
    await new Promise(setImmediate);
    expect(called).toEqual(["there"]);
    slots.enter("b");
    ofA?.();
    await new Promise(setImmediate);
    expect(called).toEqual(["there", "of the crowd"]);
  });

  it("lets a single app have them all", () => {
    const slots = createAppSlots({ concurrency: 2, apps: () => 1 });
    expect([slots.enter("a"), slots.enter("a")].every(Boolean)).toBe(true);
  });

  it("never locks an app out of a worker with one place", () => {
    expect(createAppSlots({ concurrency: 1, apps: () => 5 }).enter("a")).toBeDefined();
  });
});
