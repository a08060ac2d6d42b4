import { createQueue, QUEUE_NAMES } from "@gateway/conversation";
import type { Redis } from "ioredis";
import type { Stack } from "../support/stack.ts";
import { waitUntil } from "../support/wait-until.ts";

const QUEUES_AT_REST = [QUEUE_NAMES.inbound, QUEUE_NAMES.turns, QUEUE_NAMES.control, QUEUE_NAMES.deliver];
const BUSY_STATES = ["waiting", "active", "delayed", "prioritized"] as const;

/** Waits until nothing is queued, running or unsent. */
export async function untilQuiet(stack: Stack, redis: Redis, timeoutMs: number): Promise<void> {
  const { prefix } = stack;
  const queues = QUEUES_AT_REST.map((name) => createQueue(name, { connection: redis, prefix }));
  const pending = ["pending-turns", "pending-controls", "pending-deliveries"];
  let left: unknown;
  const isQuiet = async () => {
    const jobs = await Promise.all(queues.map((queue) => queue.getJobCounts(...BUSY_STATES)));
    const conversations = await Promise.all(pending.map((name) => redis.zcard(`${prefix}:${name}`)));
    left = {
      jobs: Object.fromEntries(queues.map((queue, index) => [queue.name, jobs[index]])),
      conversations,
    };
    const busy = jobs.flatMap((counts) => Object.values(counts));
    return [...busy, ...conversations].every((count) => count === 0);
  };
  try {
    await waitUntil("everything has come to rest", isQuiet, {
      timeoutMs,
      describe: () => JSON.stringify(left),
    });
  } finally {
    await Promise.all(queues.map((queue) => queue.close()));
  }
}
