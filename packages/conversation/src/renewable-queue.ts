import type { Job, JobsOptions, Queue } from "bullmq";
import type { Redis } from "ioredis";
import type { QueueName } from "./queues.ts";
import { createQueue } from "./queues.ts";

/** Longer than a producer's command may take. What is still pending then will never settle. */
const ADD_TIMEOUT_MS = 2500;

/** A queue to add to that cannot stay broken. */
export interface RenewableQueue {
  add(name: string, data: unknown, options: JobsOptions): Promise<Job>;
  close(): Promise<void>;
}

/**
 * BullMQ looks at Redis once, when a queue is created; a queue whose first look met a breaking connection fails, or
 * waits, for good. So one that fails or hangs although the connection is ready is replaced by a new one.
 */
export function createRenewableQueue(
  name: QueueName,
  deps: { connection: Redis; prefix: string },
): RenewableQueue {
  let queue: Queue | undefined;
  const open = () => {
    const opened = createQueue(name, deps);
    // Failures reach the caller through add(); without a listener they would end the process as well.
    opened.on("error", () => undefined);
    return opened;
  };
  const discard = (broken: Queue) => {
    if (queue !== broken || deps.connection.status !== "ready") return;
    queue = undefined;
    // It may fail to close for the same reason that made it fail.
    broken.close().catch(() => undefined);
  };
  return {
    async add(jobName, data, options) {
      queue ??= open();
      const used = queue;
      try {
        return await within(ADD_TIMEOUT_MS, used.add(jobName, data, options));
      } catch (error) {
        discard(used);
        throw error;
      }
    },
    close: async () => queue?.close(),
  };
}

async function within<T>(timeoutMs: number, pending: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("The queue does not answer.")), timeoutMs);
  });
  try {
    return await Promise.race([pending, late]);
  } finally {
    clearTimeout(timer);
  }
}
