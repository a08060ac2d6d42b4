/** Limits how much work requests that could be for many apps may cause. */
export interface SearchBudget {
  /** Whether a search through this many apps may be made now. */
  take(apps: number, nowMs: number): boolean;
}

/** About 30 ms of computing time a second: twenty searches through five hundred apps. */
const APPS_PER_SECOND = 10_000;

/**
 * A request that names its app costs one signature. One that does not, a URL check or an event without AgentID,
 * costs one for every app, and anybody can send it. Both are rare, so a budget per second stops nobody but
 * a flood, and a flood of them leaves messages alone.
 */
export function createSearchBudget(appsPerSecond = APPS_PER_SECOND): SearchBudget {
  let second = 0;
  let left = appsPerSecond;
  return {
    take(apps, nowMs) {
      if (apps <= 1) return true;
      const now = Math.floor(nowMs / 1000);
      if (now !== second) {
        second = now;
        left = appsPerSecond;
      }
      // A directory larger than the budget still gets one search a second.
      if (apps > left && left < appsPerSecond) return false;
      left -= apps;
      return true;
    },
  };
}
