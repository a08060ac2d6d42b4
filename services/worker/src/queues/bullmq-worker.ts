import type { QueueName } from "@gateway/conversation";
import type { Job, Processor, WorkerOptions } from "bullmq";
import { Worker } from "bullmq";
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import { backoffMs } from "../backoff.ts";
import type { HeldJobs } from "../liveness/held-jobs.ts";
import { postpone } from "./job-steps.ts";

/**
 * Locks outlast a Redis restart (measured: a 30 s lock re-ran every running agent in a 22 s outage, a 90 s one
 * none). A killed worker is noticed by its heartbeat, so the checks for locks that are gone are frequent.
 */
const LOCK_DURATION_MS = 90_000;
const LOCK_RENEW_MS = 15_000;
const STALLED_CHECK_MS = 3000;
/** Until a run that has lost its job has ended. */
const STILL_RUNNING_PAUSE_MS = 500;

interface WorkerDeps {
  readonly connection: Redis;
  readonly prefix: string;
  readonly concurrency: number;
  readonly held: HeldJobs;
  readonly logger: Logger;
}

/**
 * Keeps one job from running twice in this process, after its lock ran out while the process stood still. BullMQ looks
 * after one lock for each job id, and leaves it at the end of whichever run ends: so a run is held to its very end.
 */
class HoldingWorker extends Worker {
  readonly #held: HeldJobs;

  constructor(held: HeldJobs, name: QueueName, processor: Processor, options: WorkerOptions) {
    super(name, processor, options);
    this.#held = held;
  }

  override async processJob(job: Job, token: string, fetchNext?: () => boolean): Promise<undefined | Job> {
    const { id = "" } = job;
    const leave = this.#held.enter({ queue: this.name, id, token }, () => this.cancelJob(id, "lost"));
    try {
      return (await super.processJob(job, token, fetchNext)) ?? undefined;
    } finally {
      leave?.();
    }
  }
}

/** A BullMQ worker with the house's settings. `run` gets the lock token and a signal that fires when the lock is lost. */
export function createBullmqWorker(
  name: QueueName,
  run: (job: Job, token: string, signal: AbortSignal) => Promise<unknown>,
  deps: WorkerDeps,
): Worker {
  // BullMQ hands out a signal only to processors that declare three parameters.
  const processor: Processor = async (job, token, signal) => {
    const lock = token ?? "";
    if (deps.held.has(job.id ?? "", lock)) return run(job, lock, signal ?? new AbortController().signal);
    deps.logger.warn(
      { queue: name, jobId: job.id },
      "a job came back while it still runs here; that run ends",
    );
    return postpone(job, lock, STILL_RUNNING_PAUSE_MS);
  };
  const worker = new HoldingWorker(deps.held, name, processor, {
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
