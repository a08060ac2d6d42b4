interface HeldJob {
  readonly queue: string;
  readonly id: string;
  /** Of its lock. */
  readonly token: string;
}

/** The jobs that this process works on. */
export interface HeldJobs {
  /**
   * Returns the way out. Nothing where this process is still at work on the job under another token, whose lock it
   * must have lost: that work is told to give up, and the job has to wait for its end.
   */
  enter(job: HeldJob, giveUp: () => void): (() => void) | undefined;
  has(jobId: string, token: string): boolean;
}

export function createHeldJobs(): HeldJobs {
  const held = new Set<string>();
  const giveUps = new Map<string, () => void>();
  return {
    enter({ queue, id, token }, giveUp) {
      const job = `${queue} ${id}`;
      const lost = giveUps.get(job);
      if (lost !== undefined) {
        lost();
        return undefined;
      }
      const key = `${token} ${id}`;
      giveUps.set(job, giveUp);
      held.add(key);
      return () => {
        giveUps.delete(job);
        held.delete(key);
      };
    },
    has: (jobId, token) => held.has(`${token} ${jobId}`),
  };
}
