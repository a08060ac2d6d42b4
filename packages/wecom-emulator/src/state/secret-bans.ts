import { WECOM_LIMITS } from "../limits.ts";
import { BoundedMap } from "./bounded-map.ts";

/** Addresses that asked for tokens with wrong secrets too often are blocked for an hour (doc 90312). */
export interface SecretBans {
  isBanned(ip: string): boolean;
  countFailure(ip: string): void;
  clear(): void;
}

export function createSecretBans(options: { nowMs: () => number; perHour: number }): SecretBans {
  const byIp = new BoundedMap<string, { failures: number; sinceMs: number; bannedUntilMs: number }>(10_000);
  return {
    isBanned: (ip) => options.nowMs() < (byIp.get(ip)?.bannedUntilMs ?? 0),
    countFailure(ip) {
      const nowMs = options.nowMs();
      const before = byIp.get(ip);
      const current =
        before === undefined || nowMs - before.sinceMs >= 3_600_000
          ? { failures: 0, sinceMs: nowMs, bannedUntilMs: 0 }
          : before;
      current.failures += 1;
      if (current.failures >= options.perHour) current.bannedUntilMs = nowMs + WECOM_LIMITS.badSecretBanMs;
      byIp.set(ip, current);
    },
    clear: () => byIp.clear(),
  };
}
