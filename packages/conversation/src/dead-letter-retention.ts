import type { Queue } from "bullmq";
import type { Redis } from "ioredis";
import type { Keys } from "./keys.ts";
import { deadJobSchema } from "./queues.ts";

/** How long a dead letter waits for a decision, and how long what it is made of is kept for a replay. */
export const DEAD_LETTER_RETENTION_MS = 30 * 24 * 3600 * 1000;

/** Where a job without a worker may be, whatever an operator did to it by hand. */
export const LETTER_PLACES = ["waiting", "delayed", "prioritized", "failed", "completed"] as const;

/** Of each place. More than become old between two looks. */
const PAGE = 50;

/**
 * Removes letters that are too old, and what was kept for them. BullMQ removes by age only what a worker has finished,
 * and nothing works on letters. Returns how many there were.
 */
export async function removeOldDeadLetters(deps: {
  redis: Redis;
  keys: Keys;
  dead: Queue;
  now: () => number;
}): Promise<number> {
  const before = deps.now() - DEAD_LETTER_RETENTION_MS;
  const oldest = await deps.dead.getJobs([...LETTER_PLACES], 0, PAGE - 1, true);
  // One that somebody has just decided about is not there any more.
  const old = oldest.filter((job) => job !== undefined && writtenAtMs(job) < before);
  for (const job of old) {
    await job.remove();
    await deps.redis.del(deps.keys.deadLetter(job.id ?? ""));
  }
  return old.length;
}

/** When it was written, on the clock that all share; a job's own time is that of one machine. */
function writtenAtMs(job: { readonly data: unknown; readonly timestamp: number }): number {
  const letter = deadJobSchema.safeParse(job.data);
  return letter.success ? letter.data.atMs : job.timestamp;
}
