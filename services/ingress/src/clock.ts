import { setTimeout as delay } from "node:timers/promises";

/** Time as ingress sees it. Passed in, so that tests decide what time it is and how long a wait takes. */
export interface Clock {
  /** Wall clock, epoch milliseconds: for comparing with WeCom's timestamps. */
  now(): number;
  /** Milliseconds that never jump: for budgets and durations. */
  monotonic(): number;
  /** Calls `wake` after `ms`, unless the returned function is called before. Cheaper than a sleep that is cut short. */
  after(ms: number, wake: () => void): () => void;
  /** Resolves after `ms`, or at once when `signal` aborts. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, wake) {
    const timer = setTimeout(wake, Math.max(0, ms));
    return () => clearTimeout(timer);
  },
  sleep: (ms, signal) =>
    delay(Math.max(0, ms), undefined, signal === undefined ? {} : { signal }).then(
      () => undefined,
      () => undefined,
    ),
};
