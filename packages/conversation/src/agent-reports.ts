import type { Redis } from "ioredis";
import { z } from "zod";
import type { Keys } from "./keys.ts";

const reportSchema = z.object({
  app: z.string(),
  runner: z.string(),
  ok: z.boolean(),
  /** Of the agent, where it says. */
  version: z.string().optional(),
  /** What is wrong and what to do. */
  problem: z.string().optional(),
  atMs: z.number(),
});

/** Whether one worker can reach the agent of one app. */
export type AgentReport = z.output<typeof reportSchema>;

/** What a worker says of the agents that it runs. Kept for a day after it was last said. */
export interface AgentReports {
  /** Replaces what this worker said before. */
  write(workerId: string, reports: readonly AgentReport[]): Promise<void>;
  withdraw(workerId: string): Promise<void>;
  /** Of every worker that has given a sign of life within `silenceMs`. */
  read(silenceMs: number): Promise<{ readonly workers: readonly string[]; readonly reports: AgentReport[] }>;
}

const TTL_MS = 24 * 3600 * 1000;

export function createAgentReports(deps: { redis: Redis; keys: Keys }): AgentReports {
  const { redis, keys } = deps;
  return {
    async write(workerId, reports) {
      await redis.set(keys.agentReports(workerId), JSON.stringify(reports), "PX", TTL_MS);
    },
    async withdraw(workerId) {
      await redis.del(keys.agentReports(workerId));
    },
    async read(silenceMs) {
      const [seconds] = await redis.time();
      const since = Number(seconds) * 1000 - silenceMs;
      const workers = await redis.zrangebyscore(keys.workers, since, "+inf");
      const stored = workers.length === 0 ? [] : await redis.mget(workers.map(keys.agentReports));
      return { workers, reports: stored.flatMap((text) => readReports(text)) };
    },
  };
}

function readReports(text: string | null): AgentReport[] {
  return text === null ? [] : (z.array(reportSchema).safeParse(JSON.parse(text)).data ?? []);
}
