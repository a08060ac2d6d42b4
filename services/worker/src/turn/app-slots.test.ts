import { describe, expect, it } from "@jest/globals";
import { createAppSlots } from "./app-slots.ts";

describe("createAppSlots", () => {
  it("keeps half of the turns free of any one app", () => {
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

  it("lets a single app have them all", () => {
    const slots = createAppSlots({ concurrency: 2, apps: () => 1 });
    expect([slots.enter("a"), slots.enter("a")].every(Boolean)).toBe(true);
  });

  it("never locks an app out of a worker with one turn", () => {
    expect(createAppSlots({ concurrency: 1, apps: () => 5 }).enter("a")).toBeDefined();
  });
});
