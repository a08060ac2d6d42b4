import { createRedisScript } from "@gateway/conversation";
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import type { HeldJobs } from "./held-jobs.ts";

const LOOK_EVERY_MS = 5000;

/** Locks of active jobs whose tokens begin with one of the ids in ARGV. KEYS: the active lists of the queues. */
const ownLocksScript = createRedisScript(`
local own = {}
for i = 1, #ARGV do own[ARGV[i]] = true end
local found = {}
for k = 1, #KEYS do
  local prefix = string.sub(KEYS[k], 1, -7)
  for _, jobId in ipairs(redis.call('LRANGE', KEYS[k], 0, -1)) do
    local lock = prefix .. jobId .. ':lock'
    local token = redis.call('GET', lock)
    if token and own[string.match(token, '^([^:]+)')] then found[#found + 1] = {lock, jobId, token} end
  end
end
return found`);

const releaseScript = createRedisScript(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`);

interface Deps {
  readonly redis: Redis;
  /** The ids of this process's BullMQ workers: their lock tokens begin with them. */
  readonly bullmqWorkerIds: readonly string[];
  readonly activeLists: readonly string[];
  readonly held: HeldJobs;
  readonly logger: Logger;
}

/**
 * When a connection to Redis breaks, a command may have been carried out although its answer never came. If it
 * handed out a job, that job is locked by a worker that does not know of it, and its conversation stands still
 * until the lock runs out. Such a lock is recognised by its owner, who is not at work on the job at two looks in a
 * row (a job that is just being fetched or finished is in that state for a moment), and given back.
 */
export function startStrayLocks(deps: Deps): { stop(): Promise<void> } {
  const { redis, held, logger } = deps;
  for (const script of [ownLocksScript, releaseScript]) script.keepLoaded(redis);
  let suspects = new Set<string>();
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let round: Promise<void> = Promise.resolve();

  const look = async () => {
    const own = (await ownLocksScript.run(redis, deps.activeLists, deps.bullmqWorkerIds)) as string[][];
    const strays = own.filter(([, jobId = "", token = ""]) => !held.has(jobId, token));
    const before = suspects;
    suspects = new Set(strays.map(String));
    for (const stray of strays) {
      const [lock = "", jobId = "", token = ""] = stray;
      // It may have arrived while the ones before it were given back, which takes a busy process seconds.
      if (!before.has(String(stray)) || held.has(jobId, token)) continue;
      if ((await releaseScript.run(redis, [lock], [token])) !== 1) continue;
      logger.warn({ jobId, lock }, "a job was handed out and never arrived; it is handed out again");
    }
  };
  const start = () => {
    round = look()
      .catch((error: unknown) => logger.warn({ err: error }, "locks were not looked after"))
      .finally(() => {
        if (!stopped) timer = setTimeout(start, LOOK_EVERY_MS);
      });
  };
  timer = setTimeout(start, LOOK_EVERY_MS);

  return {
    /** To be called when nothing is being worked on any more: what is still locked then, nobody would miss. */
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await round;
      await look().then(look, () => undefined);
    },
  };
}
