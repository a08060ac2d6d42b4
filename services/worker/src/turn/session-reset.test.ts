import { describe, expect, it } from "@jest/globals";
import { dueReset } from "./session-reset.ts";

const at = (text: string) => new Date(text).getTime();
const session = (last?: string) => ({
  epoch: 0,
  startedAtMs: undefined,
  lastTurnAtMs: last === undefined ? undefined : at(last),
  busyMode: undefined,
});

describe("dueReset", () => {
  it("never resets unless it was asked for", () => {
    expect(dueReset(session("2026-01-01T00:00"), at("2027-01-01T00:00"), { idleMs: 0 })).toBeUndefined();
  });

  it("leaves a first message alone", () => {
    expect(dueReset(session(), at("2026-01-01T00:00"), { idleMs: 1, dailyHour: 4 })).toBeUndefined();
  });

  it("resets after a long silence, once for each silence", () => {
    const settings = { idleMs: 3_600_000 };
    const first = dueReset(session("2026-01-01T10:00"), at("2026-01-01T11:01"), settings);
    expect(first).toBeDefined();
    expect(dueReset(session("2026-01-01T10:00"), at("2026-01-01T11:30"), settings)).toBe(first);
    expect(dueReset(session("2026-01-01T11:01"), at("2026-01-01T11:30"), settings)).toBeUndefined();
  });

  it("resets at the hour of the day, not before and not twice", () => {
    const settings = { idleMs: 0, dailyHour: 4 };
    expect(dueReset(session("2026-01-01T22:00"), at("2026-01-02T03:59"), settings)).toBeUndefined();
    expect(dueReset(session("2026-01-01T22:00"), at("2026-01-02T04:01"), settings)).toBeDefined();
    expect(dueReset(session("2026-01-02T04:01"), at("2026-01-02T23:00"), settings)).toBeUndefined();
  });
});
