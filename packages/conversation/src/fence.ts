/** Proof that a job is ours: BullMQ's lock on it holds our token. Every step of a turn checks it inside Redis. */
export interface Fence {
  readonly jobId: string;
  /** Key of the job's lock, `queue.toKey(jobId) + ":lock"`, and the token it must hold. */
  readonly lockKey: string;
  readonly token: string;
}
