/** Ends a run that takes too long. The time that it waits for the person does not count. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Waits without the clock. */
  without<Value>(step: Promise<Value>): Promise<Value>;
  stop(): void;
}

export function startDeadline(limitMs: number): Deadline {
  const controller = new AbortController();
  let leftMs = limitMs;
  let sinceMs = performance.now();
  const start = () => {
    sinceMs = performance.now();
    return setTimeout(() => controller.abort("timeout"), leftMs);
  };
  let timer = start();
  return {
    signal: controller.signal,
    async without(step) {
      clearTimeout(timer);
      leftMs = Math.max(leftMs - (performance.now() - sinceMs), 0);
      try {
        return await step;
      } finally {
        timer = start();
      }
    },
    stop: () => clearTimeout(timer),
  };
}
