import type { JobsOptions, QueueOptions } from "bullmq";
import { Queue } from "bullmq";
import type { Redis } from "ioredis";
import { z } from "zod";

const DAY_SECONDS = 24 * 3600;

export const QUEUE_NAMES = {
  /** One job per accepted message: the record an operator finds, and the wake-up of its conversation. */
  inbound: "inbound",
  /** One live job per conversation with messages waiting. */
  turns: "turns",
  /** One live job per conversation with commands or pressed buttons to handle. */
  control: "control",
  /** One live job per conversation with replies to send. */
  deliver: "deliver",
  /** The reconciler's clock. */
  maintenance: "maintenance",
  /** Messages and replies that could not be handled. No worker: an operator looks at them, see `removeOldDeadLetters`. */
  dead: "dead",
} as const;

export type QueueName = (typeof QUEUE_NAMES)[keyof typeof QUEUE_NAMES];

/** What an `inbound` job says about its message. No content: jobs are read by operators. */
export const inboundJobSchema = z.object({
  v: z.literal(1),
  conversation: z.string().min(1),
  app: z.string(),
  user: z.string(),
  kind: z.string(),
  lane: z.enum(["turn", "control"]),
  receivedAtMs: z.number().int(),
});
export type InboundJob = z.infer<typeof inboundJobSchema>;

/** `turns`, `control` and `deliver` jobs only name the conversation; the work itself is in its lists. */
export const conversationJobSchema = z.object({ v: z.literal(1), conversation: z.string().min(1) });
export type ConversationJob = z.infer<typeof conversationJobSchema>;

export const deadJobSchema = z.object({
  v: z.literal(1),
  what: z.enum(["message", "reply"]),
  conversation: z.string().min(1),
  messageIds: z.array(z.string()),
  replyId: z.string().optional(),
  code: z.string(),
  reason: z.string().max(2000),
  atMs: z.number().int(),
});
export type DeadJob = z.infer<typeof deadJobSchema>;

/** Attempts count infrastructure failures only; how often an agent may run is counted with the claim. */
const perConversation: JobsOptions = {
  attempts: 1000,
  backoff: { type: "custom" },
  removeOnComplete: { age: 3 * DAY_SECONDS, count: 20_000 },
  removeOnFail: { count: 5000 },
};

const defaultJobOptions: Record<QueueName, JobsOptions> = {
  inbound: {
    attempts: 10,
    backoff: { type: "exponential", delay: 500 },
    removeOnComplete: { age: 3 * DAY_SECONDS, count: 50_000 },
    removeOnFail: { age: 14 * DAY_SECONDS },
  },
  turns: perConversation,
  control: perConversation,
  deliver: perConversation,
  maintenance: { removeOnComplete: { count: 100 }, removeOnFail: { count: 100 } },
  dead: {},
};

/** What every job of the queue is added with. */
export function jobOptions(name: QueueName): JobsOptions {
  return defaultJobOptions[name];
}

export interface QueueDeps {
  readonly connection: Redis;
  readonly prefix: string;
}

/** A queue with the house's options. The caller owns the connection; `close()` does not end it. */
export function createQueue(name: QueueName, deps: QueueDeps): Queue {
  const options: QueueOptions = {
    connection: deps.connection,
    prefix: deps.prefix,
    defaultJobOptions: defaultJobOptions[name],
    // The event stream is a debugging aid here; its default of 10,000 entries costs up to 1 MB a queue.
    streams: { events: { maxLen: 1000 } },
  };
  return new Queue(name, options);
}

type ConversationQueueName = "turns" | "control" | "deliver";
const jobNames: Record<ConversationQueueName, string> = {
  turns: "turn",
  control: "control",
  deliver: "deliver",
};

/**
 * Wakes a conversation. While its job waits, adding again changes nothing; while it runs, one more run is
 * remembered and queued in the same atomic step that ends the running one, so no wake-up is lost.
 * `ahead`: its job goes to the front of the line.
 */
export async function wakeConversation(
  queue: Queue,
  conversation: string,
  { ahead = false }: { ahead?: boolean } = {},
): Promise<void> {
  const data: ConversationJob = { v: 1, conversation };
  await queue.add(jobNames[queue.name as ConversationQueueName], data, {
    ...(ahead ? { lifo: true } : {}),
    deduplication: { id: conversation, keepLastIfActive: true },
  });
}
