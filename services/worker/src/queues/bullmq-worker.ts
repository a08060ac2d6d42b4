import type { QueueName } from "@gateway/conversation";
import type { Job, Processor } from "bullmq";
import { Worker } from "bullmq";
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import { backoffMs } from "../backoff.ts";
import type { HeldJobs } from "../liveness/held-jobs.ts";

/**
 * Locks outlast a Redis restart (measured: a 30 s lock re-ran every running agent in a 22 s outage, a 90 s one
 * none). A killed worker is noticed by its heartbeat, so the checks for locks that are gone are frequent.
 */
const LOCK_DURATION_MS = 90_000;
const LOCK_RENEW_MS = 15_000;
const STALLED_CHECK_MS = 3000;

interface WorkerDeps {
  readonly connection: Redis;
  readonly prefix: string;
  readonly concurrency: number;
  readonly held: HeldJobs;
  readonly logger: Logger;
}

/** A BullMQ worker with the house's settings. `run` gets the lock token and a signal that fires when the lock is lost. */
export function createBullmqWorker(
  name: QueueName,
  run: (job: Job, token: string, signal: AbortSignal) => Promise<unknown>,
  deps: WorkerDeps,
): Worker {
  // BullMQ hands out a signal only to processors that declare three parameters.
  const processor: Processor = (job, token, signal) => {
    const leave = deps.held.enter(job.id ?? "", token ?? "");
    return run(job, token ?? "", signal ?? new AbortController().signal).finally(leave);
  };
  const worker = new Worker(name, processor, {
    connection: deps.connection,
    prefix: deps.prefix,
    concurrency: deps.concurrency,
    lockDuration: LOCK_DURATION_MS,
    lockRenewTime: LOCK_RENEW_MS,
    stalledInterval: STALLED_CHECK_MS,
    // How often an agent may run is counted with the claim; a job itself may be handed on any number of times.
    maxStalledCount: 1_000_000,
    // After a connection error; the default of 15 s would be 15 s of silence after every Redis restart.
    runRetryDelay: 1000,
    settings: { backoffStrategy: (attempts) => backoffMs(attempts) },
    autorun: false,
  });
  worker.on("error", (error) => deps.logger.warn({ queue: name, err: error }, "queue connection"));
  // Nothing else stops a run whose lock is lost: another worker may have the conversation by now.
  worker.on("lockRenewalFailed", (jobIds) => {
    for (const jobId of jobIds) worker.cancelJob(jobId, "lost");
  });
  worker.on("failed", (job, error) =>
    deps.logger.warn({ queue: name, jobId: job?.id, err: error }, "job failed; it is tried again"),
  );
  return worker;
}
