import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { watchIdle } from "./watch-idle.ts";

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

function watch() {
  const heard: string[] = [];
  const idle = watchIdle({
    limitMs: 1000,
    onWarn: () => heard.push("warned"),
    onExpire: () => heard.push("expired"),
  });
  return { heard, idle };
}

describe("watchIdle", () => {
  it("warns first, then stops a run that is silent", () => {
    const { heard } = watch();
    jest.advanceTimersByTime(750);
    expect(heard).toEqual(["warned"]);
    jest.advanceTimersByTime(250);
    expect(heard).toEqual(["warned", "expired"]);
  });

  it("lets a run take for ever that shows a sign of life", () => {
    const { heard, idle } = watch();
    for (let n = 0; n < 100; n++) {
      jest.advanceTimersByTime(700);
      idle.alive();
    }
    expect(heard).toEqual([]);
  });

  it("does not count the time that it waits for the person", () => {
    const { heard, idle } = watch();
    const first = idle.pause();
    const second = idle.pause();
    jest.advanceTimersByTime(5000);
    first();
    idle.alive();
    jest.advanceTimersByTime(5000);
    expect(heard).toEqual([]);
    second();
    jest.advanceTimersByTime(1000);
    expect(heard).toEqual(["warned", "expired"]);
  });

  it("is silent once stopped, whatever comes after", () => {
    const { heard, idle } = watch();
    const resume = idle.pause();
    idle.stop();
    resume();
    idle.alive();
    jest.advanceTimersByTime(5000);
    expect(heard).toEqual([]);
  });
});
