import { setTimeout as delay } from "node:timers/promises";
import type { WecomErrorContext } from "./errors.ts";
import { WecomError } from "./errors.ts";

/** Enough for any of our scripts; a connection that queues commands while it is offline would wait for ever. */
const REDIS_LIMIT_MS = 2_000;

/**
 * Runs a Redis command for a call to WeCom that has not been made yet. Errors are rebuilt: those of ioredis
 * carry the command's arguments.
 */
export async function boundedRedis<Value>(
  context: WecomErrorContext,
  command: () => Promise<Value>,
): Promise<Value> {
  const clock = new AbortController();
  const overdue = delay(REDIS_LIMIT_MS, undefined, { signal: clock.signal }).then(() => {
    throw new Error("overdue");
  });
  try {
    return await Promise.race([command(), overdue]);
  } catch {
    throw new WecomError({
      ...context,
      code: "redis_unavailable",
      kind: "not_sent",
      summary: "Redis did not answer, and access tokens are shared through it",
      hint: "Nothing was sent. Check REDIS_URL, and that Redis is up, is not full and accepts writes.",
    });
  } finally {
    overdue.catch(() => {});
    clock.abort();
  }
}
