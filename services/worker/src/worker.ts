import { randomUUID } from "node:crypto";
import { createKeys, createTimelines } from "@gateway/conversation";
import type { Worker } from "bullmq";
import { createConversationTools } from "./conversation-tools.ts";
import { createQueueWorkers, RECONCILE_EVERY_MS } from "./create-queue-workers.ts";
import { startHeartbeat } from "./liveness/heartbeat.ts";
import { createHeldJobs } from "./liveness/held-jobs.ts";
import { startStrayLocks } from "./liveness/stray-locks.ts";
import { createSpool } from "./media/out/spool.ts";
import { startSweeper } from "./media/sweep.ts";
import { openQueues } from "./open-queues.ts";
import { startRepairSchedule } from "./queues/repair-schedule.ts";
import { createRecorder } from "./timeline/recorder.ts";
import { createRunningTurns } from "./turn/running-turns.ts";
import type { WorkerDeps } from "./worker-deps.ts";

const CANCEL_AGAIN_EVERY_MS = 100;

export interface GatewayWorker {
  readonly id: string;
  /** Stops claiming, lets short turns finish, hands long ones over unharmed. */
  close(): Promise<void>;
}

/** Everything a worker process does. The caller owns the connections. */
export async function startWorker(deps: WorkerDeps): Promise<GatewayWorker> {
  const { redis, subscriber, prefix, logger } = deps;
  const id = randomUUID();
  const keys = createKeys(prefix);
  const queues = openQueues({ connection: redis, prefix, logger });
  const running = createRunningTurns({ subscriber, keys, logger });
  const timelines = createTimelines({ redis, keys, now: deps.now });
  deps.metrics?.watchRunning(running.count);
  const record = createRecorder({ timelines, worker: id, logger, onEvent: deps.metrics?.observe });
  const tools = createConversationTools({
    redis,
    prefix,
    keys,
    queues,
    record,
    now: deps.now,
    deadAfterMs: deps.deadAfterMs,
  });
  const held = createHeldJobs();
  const { dir: mediaDir, keepMs } = deps.turns.media;
  const spool = createSpool(mediaDir);
  const workers = createQueueWorkers({ ...deps, workerId: id, keys, queues, tools, running, held, spool });
  const repairs = await startRepairSchedule({
    queue: queues.maintenance,
    everyMs: RECONCILE_EVERY_MS,
    logger,
  });
  const bullmqWorkerIds = workers.map((worker) => worker.id);
  const activeLists = Object.values(queues).map((queue) => queue.toKey("active"));
  const strayLocks = startStrayLocks({ redis, bullmqWorkerIds, activeLists, held, logger });
  const heartbeat = startHeartbeat({
    redis,
    keys,
    workerId: id,
    bullmqWorkerIds,
    activeLists,
    deadAfterMs: deps.deadAfterMs,
    logger,
  });
  for (const worker of workers) {
    deps.metrics?.watchQueue(worker);
    worker
      .run()
      .catch((error: unknown) => logger.error({ err: error, queue: worker.name }, "queue worker ended"));
  }
  const sweeper = startSweeper({ mediaDir, keepMs, logger, now: deps.now });
  return {
    id,
    async close() {
      await closeWorkers(workers, deps.drainMs);
      await strayLocks.stop();
      await repairs.stop();
      sweeper.stop();
      await heartbeat.stop();
      running.stop();
      await Promise.all(Object.values(queues).map((queue) => queue.close()));
      await Promise.all(deps.apps.all.map(({ runner }) => runner.shutdown()));
    },
  };
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
