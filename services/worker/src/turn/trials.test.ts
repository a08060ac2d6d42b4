import { afterEach, describe, expect, it, jest } from "@jest/globals";
import { createTrials } from "./trials.ts";

describe("trials of turns that may kill their worker", () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  it("are held one at a time, and an end counts once", () => {
    const trials = createTrials();
    const end = trials.begin();
    expect(trials.begin()).toBeUndefined();
    end?.();
    const next = trials.begin();
    expect(next).toBeDefined();
    end?.();
    expect(trials.begin()).toBeUndefined();
    next?.();
  });

  it("end by themselves, and a turn that goes on longer ends nobody else's", () => {
    jest.useFakeTimers();
    const trials = createTrials();
    const endLong = trials.begin();
    jest.advanceTimersByTime(60_000);
    expect(trials.begin()).toBeDefined();
    endLong?.();
    expect(trials.begin()).toBeUndefined();
  });
});
