import type { Redis } from "ioredis";
import { acceptScript, createAcceptWithJobScript } from "./accept-scripts.ts";
import { conversationId } from "./conversation-ref.ts";
import type { InboundMessage } from "./inbound-message.ts";
import type { Keys } from "./keys.ts";
import { createKeys } from "./keys.ts";
import { laneOf } from "./lane.ts";
import type { InboundJob } from "./queues.ts";
import { jobOptions, QUEUE_NAMES } from "./queues.ts";
import { createRenewableQueue } from "./renewable-queue.ts";
import { shareWritesOfThisTurn } from "./shared-writes.ts";

/** How long a message id is remembered. WeCom pushes again within seconds; a day also covers replays by hand. */
export const DEDUPE_WINDOW_MS = 24 * 3600 * 1000;

/** More than anybody types; a person who sends more is told so. */
export const MAILBOX_LIMIT = 200;

export type Acceptance = "accepted" | "duplicate" | "full";

export interface Acceptor {
  /**
   * Stores a message. Durable in Redis once it resolves; rejects when Redis did not answer, in which case the
   * message may or may not be stored and accepting it again is right. A message for a
   * full mailbox is accepted too: what is stored then is that the person has to be told. "full": that found no room
   * either, and nothing is stored.
   */
  accept(message: InboundMessage): Promise<Acceptance>;
  close(): Promise<void>;
}

const JOB_NAME = "message";

export function createAcceptor(deps: { connection: Redis; prefix: string; mailboxLimit?: number }): Acceptor {
  const { connection, prefix, mailboxLimit = MAILBOX_LIMIT } = deps;
  const keys = createKeys(prefix);
  const inbound = createRenewableQueue(QUEUE_NAMES.inbound, { connection, prefix });
  const queueKey = `${prefix}:${QUEUE_NAMES.inbound}:`;
  const inboundOptions = JSON.stringify(jobOptions(QUEUE_NAMES.inbound));
  const acceptWithJob = createAcceptWithJobScript();
  // Until BullMQ has added a job: it describes a queue to Redis when it opens it.
  let isQueueOpen = false;
  /** How many messages are on their way to Redis. */
  let underway = 0;
  for (const script of [acceptScript, acceptWithJob]) script?.keepLoaded(connection);

  return {
    async accept(message) {
      // Commands of a queue that has never been connected wait for ever; the caller has five seconds.
      if (connection.status !== "ready") throw new Error("Redis is not connected.");
      const job = jobOf(message);
      const stored = [
        DEDUPE_WINDOW_MS,
        JSON.stringify(message),
        job.conversation,
        message.receivedAtMs,
        mailboxLimit,
      ];
      // A duplicate adds its job too: the first push may have died between the two writes.
      if (isQueueOpen && acceptWithJob !== undefined) {
        const added = [queueKey, message.id, JOB_NAME, JSON.stringify(job), inboundOptions];
        const crowding = keys.crowding(`${message.corpId}:${message.agentId}`);
        const used = [...keysOf(message, job, keys), crowding];
        // One alone has nothing to share, and would only pay for being held.
        if (underway > 0) shareWritesOfThisTurn(connection);
        underway += 1;
        try {
          return word(await acceptWithJob.run(connection, used, [...stored, ...added]));
        } finally {
          underway -= 1;
        }
      }
      const accepted = word(await acceptScript.run(connection, keysOf(message, job, keys), stored));
      if (accepted === "full") return accepted;
      await inbound.add(JOB_NAME, job, { jobId: message.id });
      isQueueOpen = true;
      return accepted;
    },
    close: () => inbound.close(),
  };
}

function jobOf(message: InboundMessage): InboundJob {
  return {
    v: 1,
    conversation: conversationId(message),
    app: message.appName,
    user: message.userId,
    kind: message.message.kind,
    lane: laneOf(message.message),
    receivedAtMs: message.receivedAtMs,
  };
}

function keysOf({ id }: InboundMessage, { lane, conversation }: InboundJob, keys: Keys): string[] {
  const control = keys.control(conversation);
  const own =
    lane === "turn" ? [keys.mailbox(conversation), keys.pendingTurns] : [control, keys.pendingControls];
  return [keys.seen(id), ...own, control, keys.pendingControls];
}

function word(result: unknown): Acceptance {
  if (result === 2) return "full";
  return result === 1 ? "accepted" : "duplicate";
}
