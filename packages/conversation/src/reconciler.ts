import type { Queue } from "bullmq";
import type { Redis } from "ioredis";
import type { Keys } from "./keys.ts";
import { wakeConversation } from "./queues.ts";
import { createRedisScript } from "./redis-script.ts";

/** Conversations that have waited longer than a moment and are not being worked on right now. */
const overdueScript = createRedisScript(`
local pending, turnPrefix, lockPrefix = KEYS[1], ARGV[1], ARGV[2]
local overdue = {}
for _, conversation in ipairs(redis.call('ZRANGEBYSCORE', pending, '-inf', ARGV[3], 'LIMIT', ARGV[4], ARGV[5])) do
  local owner = turnPrefix ~= '' and redis.call('HGET', turnPrefix .. conversation, 'own')
  if not owner or redis.call('EXISTS', lockPrefix .. owner .. ':lock') == 0 then
    overdue[#overdue + 1] = conversation
  end
end
return overdue`);

const PAGE = 500;

/**
 * Wakes again what lost its wake-up: a crash between two writes, a job removed by hand, a Redis restored from
 * a backup. Waking a conversation that needs nothing costs one empty job.
 */
export async function reconcile(deps: {
  redis: Redis;
  keys: Keys;
  turns: Queue;
  control: Queue;
  deliver: Queue;
  olderThanMs: number;
  now: () => number;
}): Promise<number> {
  const { redis, keys, turns, control, deliver } = deps;
  const before = deps.now() - deps.olderThanMs;
  const sweep = async (queue: Queue, pendingKey: string, turnPrefix: string) => {
    let woken = 0;
    for (let offset = 0; ; offset += PAGE) {
      const args = [turnPrefix, queue.toKey(""), before, offset, PAGE];
      const overdue = (await overdueScript.run(redis, [pendingKey], args)) as string[];
      await Promise.all(overdue.map((conversation) => wakeConversation(queue, conversation)));
      woken += overdue.length;
      if (offset + PAGE >= (await redis.zcount(pendingKey, "-inf", before))) return woken;
    }
  };
  return (
    (await sweep(turns, keys.pendingTurns, keys.turn(""))) +
    (await sweep(control, keys.pendingControls, "")) +
    (await sweep(deliver, keys.pendingDeliveries, ""))
  );
}
