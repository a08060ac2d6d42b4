/** How long to go on with something that keeps failing. */
export interface Patience {
  /** The pause before the next try; undefined when it has failed for too long. */
  failed(): number | undefined;
  succeeded(): void;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5000;

export function createPatience(limitMs: number, now: () => number): Patience {
  let sinceMs: number | undefined;
  let pauseMs = FIRST_PAUSE_MS;
  return {
    failed() {
      sinceMs ??= now();
      if (now() - sinceMs >= limitMs) return undefined;
      const pause = pauseMs;
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      return pause;
    },
    succeeded() {
      sinceMs = undefined;
      pauseMs = FIRST_PAUSE_MS;
    },
  };
}
