import { isIPv6 } from "node:net";
import type { Redis } from "ioredis";
import { countWindow } from "./count-window.ts";

const WINDOW_MS = 15 * 60_000;
const ATTEMPTS_PER_ADDRESS = 10;
/** Over all addresses together, for guesses spread over many of them. */
const ATTEMPTS_IN_ALL = 100;

export type LoginPermit =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly retryAfterMs: number };

export interface LoginLimiter {
  /** Counts one attempt before it is tried, so that parallel guesses cannot slip past the count. */
  take(address: string): Promise<LoginPermit>;
  /** Forgets an address after a successful sign-in. */
  clear(address: string): Promise<void>;
}

/** Sign-in attempts, counted in Redis and therefore shared by all console processes. */
export function createLoginLimiter(deps: { redis: Redis; prefix: string }): LoginLimiter {
  const keyOf = (bucket: string) => `${deps.prefix}:console:login:${bucket}`;
  return {
    async take(address) {
      const byAddress = await countWindow(deps.redis, keyOf(bucketOf(address)), WINDOW_MS);
      if (byAddress.count > ATTEMPTS_PER_ADDRESS)
        return { allowed: false, retryAfterMs: byAddress.resetsInMs };
      const inAll = await countWindow(deps.redis, keyOf("all"), WINDOW_MS);
      if (inAll.count > ATTEMPTS_IN_ALL) return { allowed: false, retryAfterMs: inAll.resetsInMs };
      return { allowed: true };
    },
    async clear(address) {
      await deps.redis.del(keyOf(bucketOf(address)));
    },
  };
}

/** One IPv6 customer usually holds a whole /64, so that counts as one address. */
function bucketOf(address: string): string {
  return isIPv6(address) && !address.startsWith("::ffff:")
    ? address.split(":").slice(0, 4).join(":")
    : address;
}
