import { describe, expect, it } from "@jest/globals";
import { findConcerns } from "./find-concerns.ts";
import type { Overview, QueueFigures } from "./read-overview.ts";

const queue = (name: string, figures: Partial<QueueFigures> = {}): QueueFigures => ({
  ...{ name, waiting: 0, active: 0, delayed: 0, failed: 0, isPaused: false },
  ...{ oldestWaitingMs: undefined, longestActiveMs: undefined, ...figures },
});
const calm: Overview = {
  queues: [queue("turns"), queue("dead")],
  turns: { conversations: 0, oldestMs: undefined },
  controls: { conversations: 0, oldestMs: undefined },
  deliveries: { conversations: 0, oldestMs: undefined },
  ...{ deadLetters: 0, failedJobs: 0, workersAlive: 1, brokenApps: [], brokenAgents: [] },
};

describe("findConcerns", () => {
  it("finds nothing when all is well, however long an agent runs", () => {
    expect(findConcerns(calm)).toEqual([]);
    expect(
      findConcerns({ ...calm, queues: [queue("turns", { active: 1, longestActiveMs: 1_800_000 })] }),
    ).toEqual([]);
  });

  it("is alarmed by an app that cannot send", () => {
    const app = { name: "sales", code: "errcode_60020", cause: "c", whatToDo: "w", sinceMs: 1 };
    expect(findConcerns({ ...calm, brokenApps: [app] })).toEqual([
      { kind: "broken_app", severity: "alarm", app },
    ]);
  });

  it("is alarmed by an agent that no worker can use, and takes note of one that some cannot", () => {
    const agent = { app: "sales", problem: "p", workers: 2, of: 2 };
    expect(findConcerns({ ...calm, brokenAgents: [agent] })).toEqual([
      { kind: "broken_agent", severity: "alarm", agent },
    ]);
    const [concern] = findConcerns({ ...calm, brokenAgents: [{ ...agent, workers: 1 }] });
    expect(concern?.severity).toBe("notice");
  });

  it("is alarmed by missing workers only when somebody waits for them", () => {
    expect(findConcerns({ ...calm, workersAlive: 0 })).toEqual([{ kind: "no_workers", severity: "notice" }]);
    const waiting = { ...calm, workersAlive: 0, turns: { conversations: 1, oldestMs: 5 } };
    expect(findConcerns(waiting)).toEqual([{ kind: "no_workers", severity: "alarm" }]);
  });

  it("names what is wrong, alarms first", () => {
    const queues = [
      queue("turns", { oldestWaitingMs: 61_000 }),
      queue("deliver", { isPaused: true }),
      queue("dead", { oldestWaitingMs: 99_000_000 }),
    ];
    expect(findConcerns({ ...calm, queues, failedJobs: 2, deadLetters: 3 })).toEqual([
      { kind: "dead_letters", severity: "alarm", count: 3 },
      { kind: "failed_jobs", severity: "notice", count: 2 },
      { kind: "slow_start", severity: "notice", queue: "turns", ageMs: 61_000 },
      { kind: "paused", severity: "notice", queue: "deliver" },
    ]);
  });
});
