import type { QueueName } from "@gateway/conversation";
import { QUEUE_NAMES } from "@gateway/conversation";
import type { Queue } from "bullmq";

export function queuesByName(queues: readonly Queue[]): Readonly<Record<QueueName, Queue>> {
  const find = (name: QueueName) => {
    const queue = queues.find((candidate) => candidate.name === name);
    if (queue === undefined) throw new Error(`The console was not given the queue ${name}.`);
    return queue;
  };
  return {
    inbound: find(QUEUE_NAMES.inbound),
    turns: find(QUEUE_NAMES.turns),
    control: find(QUEUE_NAMES.control),
    deliver: find(QUEUE_NAMES.deliver),
    maintenance: find(QUEUE_NAMES.maintenance),
    dead: find(QUEUE_NAMES.dead),
  };
}
