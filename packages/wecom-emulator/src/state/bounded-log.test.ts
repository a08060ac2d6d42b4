import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { createBoundedLog } from "./bounded-log.ts";

describe("bounded log", () => {
  it("keeps the newest by count and tells of the forgotten", () => {
    const evicted: number[] = [];
    const log = createBoundedLog<number>({ maxEntries: 3, onEvict: (entry) => evicted.push(entry) });
    for (const entry of [1, 2, 3, 4, 5]) log.add(entry);
    expect(log.all()).toEqual([3, 4, 5]);
    expect(evicted).toEqual([1, 2]);
  });

  it("keeps the newest by weight, and one entry however heavy", () => {
    const log = createBoundedLog<string>({ maxEntries: 10, maxWeight: 5 });
    log.add("a", 3);
    log.add("b", 3);
    expect(log.all()).toEqual(["b"]);
    log.add("huge", 100);
    expect(log.all()).toEqual(["huge"]);
  });

  it("is a sliding tail of what was added, at any length", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(), { maxLength: 400 }),
        fc.integer({ min: 1, max: 50 }),
        (entries, maxEntries) => {
          const log = createBoundedLog<number>({ maxEntries });
          for (const entry of entries) log.add(entry);
          expect(log.all()).toEqual(entries.slice(-maxEntries));
          expect(log.size).toBe(Math.min(entries.length, maxEntries));
        },
      ),
    );
  });
});
