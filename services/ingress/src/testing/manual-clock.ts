import type { Clock } from "../clock.ts";

export interface ManualClock extends Clock {
  /** Moves time on; sleepers wake in order, each with the time it asked for. */
  advance(ms: number): Promise<void>;
  sleepers(): number;
}

interface Sleeper {
  readonly wakeAtMs: number;
  readonly wake: () => void;
}

/** A clock that stands still until a test moves it. */
export function createManualClock(startMs = 1_700_000_000_000): ManualClock {
  let elapsedMs = 0;
  let waiting: Sleeper[] = [];
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

  return {
    now: () => startMs + elapsedMs,
    monotonic: () => elapsedMs,
    sleepers: () => waiting.length,
    after(ms, wake) {
      const sleeper = { wakeAtMs: elapsedMs + Math.max(0, ms), wake };
      waiting.push(sleeper);
      return () => {
        waiting = waiting.filter((other) => other !== sleeper);
      };
    },
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const sleeper = { wakeAtMs: elapsedMs + Math.max(0, ms), wake: resolve };
        waiting.push(sleeper);
        signal?.addEventListener("abort", () => {
          waiting = waiting.filter((other) => other !== sleeper);
          resolve();
        });
      }),
    async advance(ms) {
      const target = elapsedMs + ms;
      await settle();
      for (;;) {
        const next = waiting.toSorted((a, b) => a.wakeAtMs - b.wakeAtMs)[0];
        if (next === undefined || next.wakeAtMs > target) break;
        elapsedMs = next.wakeAtMs;
        waiting = waiting.filter((other) => other !== next);
        next.wake();
        await settle();
      }
      elapsedMs = target;
    },
  };
}
