import { randomUUID } from "node:crypto";
import type { Keys, ReplyPlan } from "@gateway/conversation";
import {
  createKeys,
  createMailbox,
  createOutbox,
  createQueue,
  parseConversationId,
  QUEUE_NAMES,
  reconcile,
  wakeConversation,
} from "@gateway/conversation";
import { createUserCorpMap } from "@gateway/wecom-client/user-corp-map";
import type { Worker } from "bullmq";
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import type { WorkerApps } from "./apps.ts";
import { createUndertaker } from "./dead-letters.ts";
import { deliverConversation } from "./delivery/deliver-conversation.ts";
import { startHeartbeat } from "./liveness/heartbeat.ts";
import { createBullmqWorker } from "./queues/bullmq-worker.ts";
import { handleDelivery } from "./queues/handle-delivery.ts";
import { handleInbound } from "./queues/handle-inbound.ts";
import { handleTurn } from "./queues/handle-turn.ts";
import { processTurn } from "./turn/process-turn.ts";

const RECONCILE_EVERY_MS = 10_000;
/** One BullMQ worker fetches up to its concurrency before it starts any; beyond 50 the first ones wait too long. */
const TURNS_PER_BULLMQ_WORKER = 50;
const CANCEL_AGAIN_EVERY_MS = 100;

export interface WorkerDeps {
  readonly redis: Redis;
  readonly prefix: string;
  readonly apps: WorkerApps;
  readonly logger: Logger;
  readonly now: () => number;
  /** Turns at the same time in this process. */
  readonly concurrency: number;
  readonly maxAttempts: number;
  /** How long short turns may finish at shutdown before the rest is handed to another worker. */
  readonly drainMs: number;
  /** How long another worker may be silent before its work is taken over. */
  readonly deadAfterMs: number;
}

export interface GatewayWorker {
  readonly id: string;
  /** Stops claiming, lets short turns finish, hands long ones over unharmed. */
  close(): Promise<void>;
}

/** Everything a worker process does, on one shared connection. The caller owns the connection. */
export async function startWorker(deps: WorkerDeps): Promise<GatewayWorker> {
  const { redis: connection, prefix, logger } = deps;
  const id = randomUUID();
  const keys = createKeys(prefix);
  const queues = openQueues({ connection, prefix, logger });
  const workers = createWorkers(deps, keys, queues);
  await queues.maintenance.upsertJobScheduler("reconcile", { every: RECONCILE_EVERY_MS });
  const heartbeat = startHeartbeat({
    redis: connection,
    keys,
    workerId: id,
    bullmqWorkerIds: workers.map((worker) => worker.id),
    activeLists: [queues.inbound, queues.turns, queues.deliver, queues.maintenance].map((queue) =>
      queue.toKey("active"),
    ),
    deadAfterMs: deps.deadAfterMs,
    logger,
  });
  for (const worker of workers) {
    worker
      .run()
      .catch((error: unknown) => logger.error({ err: error, queue: worker.name }, "queue worker ended"));
  }
  return {
    id,
    async close() {
      await closeWorkers(workers, deps.drainMs);
      await heartbeat.stop();
      await Promise.all(Object.values(queues).map((queue) => queue.close()));
      await Promise.all(deps.apps.runners.map((runner) => runner.shutdown()));
    },
  };
}

type Queues = ReturnType<typeof openQueues>;

function openQueues(deps: { connection: Redis; prefix: string; logger: Logger }) {
  const open = (name: Parameters<typeof createQueue>[0]) => {
    const queue = createQueue(name, deps);
    queue.on("error", (error) => deps.logger.warn({ queue: name, err: error }, "queue connection"));
    return queue;
  };
  return {
    inbound: open(QUEUE_NAMES.inbound),
    turns: open(QUEUE_NAMES.turns),
    deliver: open(QUEUE_NAMES.deliver),
    maintenance: open(QUEUE_NAMES.maintenance),
    dead: open(QUEUE_NAMES.dead),
  };
}

function createWorkers(deps: WorkerDeps, keys: Keys, queues: Queues): Worker[] {
  const { redis, prefix, logger, now, apps } = deps;
  const mailbox = createMailbox({ redis, keys, turnsLockPrefix: queues.turns.toKey(""), now });
  const outbox = createOutbox({ redis, keys, now });
  const userCorpMap = createUserCorpMap({ redis, prefix });
  const bury = createUndertaker({ dead: queues.dead, redis, keys });
  const notify = async (plan: ReplyPlan) => {
    if (await outbox.append(plan)) await wakeConversation(queues.deliver, plan.conversation);
  };
  const base = { connection: redis, prefix, logger };

  const turnWorkers = Array.from({ length: Math.ceil(deps.concurrency / TURNS_PER_BULLMQ_WORKER) }, () =>
    createBullmqWorker(
      QUEUE_NAMES.turns,
      (job, token, signal) =>
        handleTurn(job, token, signal, {
          ...queues,
          processTurn: (conversation, fence, turnSignal) =>
            processTurn(conversation, fence, turnSignal, {
              mailbox,
              app: apps.find(parseConversationId(conversation)),
              maxAttempts: deps.maxAttempts,
              bury,
              notify,
              logger,
              now,
            }),
        }),
      { ...base, concurrency: Math.min(deps.concurrency, TURNS_PER_BULLMQ_WORKER) },
    ),
  );
  const deliverWorker = createBullmqWorker(
    QUEUE_NAMES.deliver,
    (job, token) =>
      handleDelivery(job, token, {
        deliver: queues.deliver,
        deliverConversation: (conversation, fence) => {
          const app = apps.find(parseConversationId(conversation));
          const send = app === undefined ? undefined : (body: string) => app.client.sendMessageBytes(body);
          return deliverConversation(conversation, fence, { outbox, send, bury, logger, now });
        },
      }),
    { ...base, concurrency: 50 },
  );
  const inboundWorker = createBullmqWorker(
    QUEUE_NAMES.inbound,
    (job) => handleInbound(job, { turns: queues.turns, userCorpMap }),
    { ...base, concurrency: 50 },
  );
  const maintenanceWorker = createBullmqWorker(
    QUEUE_NAMES.maintenance,
    () =>
      reconcile({
        redis,
        keys,
        turns: queues.turns,
        deliver: queues.deliver,
        olderThanMs: RECONCILE_EVERY_MS,
        now,
      }),
    { ...base, concurrency: 1 },
  );
  return [inboundWorker, ...turnWorkers, deliverWorker, maintenanceWorker];
}

async function closeWorkers(workers: readonly Worker[], drainMs: number): Promise<void> {
  const closed = Promise.all(workers.map((worker) => worker.close()));
  let cancelling: NodeJS.Timeout | undefined;
  // Again and again: a job that was fetched but not started yet misses a single call.
  const cancel = () => {
    for (const worker of workers) worker.cancelAllJobs("shutdown");
    cancelling = setTimeout(cancel, CANCEL_AGAIN_EVERY_MS);
  };
  cancelling = setTimeout(cancel, drainMs);
  await closed;
  clearTimeout(cancelling);
}
