import { BoundedMap } from "./bounded-map.ts";
import type { SlidingWindow } from "./sliding-window.ts";
import { createSlidingWindow } from "./sliding-window.ts";

export type QuotaVerdict = "delivered" | "dropped_minute_limit" | "dropped_hour_limit";

/** Messages of one app to one member. Beyond the limit WeCom drops them and still answers success (doc 90312). */
export interface MemberQuota {
  take(appName: string, userKey: string): QuotaVerdict;
  clear(): void;
}

export interface MemberQuotaOptions {
  readonly nowMs: () => number;
  readonly perMinute: number;
  readonly perHour: number;
  readonly maxMembers: number;
}

export function createMemberQuota(options: MemberQuotaOptions): MemberQuota {
  const windows = new BoundedMap<string, { minute: SlidingWindow; hour: SlidingWindow }>(options.maxMembers);
  return {
    take(appName, userKey) {
      const key = `${appName}\n${userKey}`;
      const nowMs = options.nowMs();
      const member = windows.get(key) ?? {
        minute: createSlidingWindow(options.perMinute, 60_000),
        hour: createSlidingWindow(options.perHour, 3_600_000),
      };
      windows.set(key, member);
      if (!member.hour.hasRoom(nowMs)) return "dropped_hour_limit";
      if (!member.minute.tryTake(nowMs)) return "dropped_minute_limit";
      member.hour.tryTake(nowMs);
      return "delivered";
    },
    clear: () => windows.clear(),
  };
}
