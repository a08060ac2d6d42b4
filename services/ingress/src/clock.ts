import { setTimeout as delay } from "node:timers/promises";

/** Time as ingress sees it. Passed in, so that tests decide what time it is and how long a wait takes. */
export interface Clock {
  /** Wall clock, epoch milliseconds: for comparing with WeCom's timestamps. */
  now(): number;
  /** Milliseconds that never jump: for budgets and durations. */
  monotonic(): number;
  /** Calls `wake` up to 10 ms after `ms`, unless the returned function is called before. Costs next to nothing then. */
  after(ms: number, wake: () => void): () => void;
  /** Resolves after `ms`, or at once when `signal` aborts. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: createWaits(),
  sleep: (ms, signal) =>
    delay(Math.max(0, ms), undefined, signal === undefined ? {} : { signal }).then(
      () => undefined,
      () => undefined,
    ),
};

/** How often it is looked who has waited long enough. */
const LOOK_EVERY_MS = 10;

/**
 * One timer for all who wait. Hardly ever does anybody wait to the end; to start and stop a timer for each request costs
 * more than to look through all of them now and then.
 */
function createWaits(): Clock["after"] {
  const waits = new Set<{ readonly atMs: number; wake(): void }>();
  let timer: NodeJS.Timeout | undefined;
  const look = () => {
    const nowMs = performance.now();
    for (const wait of waits) if (wait.atMs <= nowMs && waits.delete(wait)) wait.wake();
    if (waits.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
  return (ms, wake) => {
    const wait = { atMs: performance.now() + ms, wake };
    waits.add(wait);
    timer ??= setInterval(look, LOOK_EVERY_MS);
    return () => void waits.delete(wait);
  };
}
