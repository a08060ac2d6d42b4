import type { Fence } from "@gateway/conversation";
import type { Job, Queue } from "bullmq";
import { DelayedError } from "bullmq";

/** Ends the processor without ending the job: it comes back later, and this was not an attempt. */
export async function postpone(job: Job, token: string, afterMs: number): Promise<never> {
  await job.moveToDelayed(Date.now() + afterMs, token);
  throw new DelayedError();
}

/** It was let to the front of its line; so is what it causes. */
export function isAhead(job: Job): boolean {
  return job.opts.lifo === true;
}

export function fenceOf(queue: Queue, job: Job, token: string): Fence {
  const jobId = job.id ?? "";
  return { jobId, lockKey: `${queue.toKey(jobId)}:lock`, token };
}
