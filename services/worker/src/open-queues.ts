import type { QueueName } from "@gateway/conversation";
import { createQueue, QUEUE_NAMES } from "@gateway/conversation";
import type { Queue } from "bullmq";
import type { Redis } from "ioredis";
import type { Logger } from "pino";

export type Queues = Readonly<Record<QueueName, Queue>>;

/** One Queue object for each queue, on one connection. */
export function openQueues(deps: { connection: Redis; prefix: string; logger: Logger }): Queues {
  const open = (name: QueueName) => {
    const queue = createQueue(name, deps);
    queue.on("error", (error) => deps.logger.warn({ queue: name, err: error }, "queue connection"));
    return queue;
  };
  return {
    inbound: open(QUEUE_NAMES.inbound),
    turns: open(QUEUE_NAMES.turns),
    control: open(QUEUE_NAMES.control),
    deliver: open(QUEUE_NAMES.deliver),
    maintenance: open(QUEUE_NAMES.maintenance),
    dead: open(QUEUE_NAMES.dead),
  };
}
