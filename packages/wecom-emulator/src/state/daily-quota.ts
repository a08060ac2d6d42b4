import { BoundedMap } from "./bounded-map.ts";

/** Person-times that one app may send per day (doc 90312). */
export interface DailyQuota {
  take(appName: string, people: number): boolean;
  clear(): void;
}

/** WeCom's day is a calendar day in China. */
const CHINA_OFFSET_MS = 8 * 3_600_000;

export function createDailyQuota(options: { nowMs: () => number; perDay: number }): DailyQuota {
  const used = new BoundedMap<string, { day: number; people: number }>(1000);
  return {
    take(appName, people) {
      const day = Math.floor((options.nowMs() + CHINA_OFFSET_MS) / 86_400_000);
      const before = used.get(appName);
      const already = before?.day === day ? before.people : 0;
      if (already + people > options.perDay) return false;
      used.set(appName, { day, people: already + people });
      return true;
    },
    clear: () => used.clear(),
  };
}
