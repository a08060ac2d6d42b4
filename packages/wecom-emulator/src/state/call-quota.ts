import { BoundedMap } from "./bounded-map.ts";

interface Counter {
  minute: number;
  minuteCount: number;
  hour: number;
  hourCount: number;
  blockedUntilMs: number;
}

/** Calls of one API by one corp. Beyond the limit the API is closed for the length of the rule, with 45009 (doc 90312). */
export interface CallQuota {
  take(corpId: string, api: string): boolean;
  clear(): void;
}

export interface CallQuotaOptions {
  readonly nowMs: () => number;
  readonly perMinute: number;
  readonly perHour: number;
}

export function createCallQuota({ nowMs, perMinute, perHour }: CallQuotaOptions): CallQuota {
  const counters = new BoundedMap<string, Counter>(1000);

  function count(counter: Counter, now: number): void {
    const minute = Math.floor(now / 60_000);
    const hour = Math.floor(now / 3_600_000);
    counter.minuteCount = counter.minute === minute ? counter.minuteCount + 1 : 1;
    counter.hourCount = counter.hour === hour ? counter.hourCount + 1 : 1;
    counter.minute = minute;
    counter.hour = hour;
  }

  return {
    take(corpId, api) {
      const key = `${corpId}\n${api}`;
      const now = nowMs();
      const counter = counters.get(key) ?? {
        minute: 0,
        minuteCount: 0,
        hour: 0,
        hourCount: 0,
        blockedUntilMs: 0,
      };
      counters.set(key, counter);
      if (now < counter.blockedUntilMs) return false;
      count(counter, now);
      if (counter.hourCount > perHour) counter.blockedUntilMs = now + 3_600_000;
      else if (counter.minuteCount > perMinute) counter.blockedUntilMs = now + 60_000;
      return now >= counter.blockedUntilMs;
    },
    clear: () => counters.clear(),
  };
}
