import type { Redis } from "ioredis";

/** Counts one more in a window that begins with its first count. Shared by every process on this Redis. */
export async function countWindow(
  redis: Redis,
  key: string,
  windowMs: number,
): Promise<{ count: number; resetsInMs: number }> {
  const replies = await redis.multi().set(key, 0, "PX", windowMs, "NX").incr(key).pttl(key).exec();
  const count = Number(replies?.[1]?.[1] ?? Number.NaN);
  const resetsInMs = Number(replies?.[2]?.[1] ?? Number.NaN);
  if (Number.isNaN(count) || Number.isNaN(resetsInMs)) throw new Error("Redis did not count.");
  return { count, resetsInMs: Math.max(resetsInMs, 1000) };
}
