/** The jobs that this process works on, by their lock tokens. */
export interface HeldJobs {
  /** Returns the way out. */
  enter(jobId: string, token: string): () => void;
  has(jobId: string, token: string): boolean;
}

export function createHeldJobs(): HeldJobs {
  const held = new Set<string>();
  const key = (jobId: string, token: string) => `${token} ${jobId}`;
  return {
    enter(jobId, token) {
      held.add(key(jobId, token));
      return () => void held.delete(key(jobId, token));
    },
    has: (jobId, token) => held.has(key(jobId, token)),
  };
}
