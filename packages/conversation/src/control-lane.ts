import type { Redis } from "ioredis";
import type { Fence } from "./fence.ts";
import type { Keys } from "./keys.ts";
import type { MailboxEntry } from "./mailbox-entry.ts";
import { readEntry } from "./mailbox-entry.ts";
import { createRedisScript } from "./redis-script.ts";
import type { ReplyPlan } from "./reply.ts";
import { APPEND_PLANS, replyArguments } from "./reply.ts";

const headScript = createRedisScript(`
local lock, control, pending = KEYS[1], KEYS[2], KEYS[3]
if redis.call('GET', lock) ~= ARGV[1] then return {'lost'} end
local head = redis.call('LINDEX', control, 0)
if not head then
  redis.call('ZREM', pending, ARGV[2])
  return {'empty'}
end
return {'entry', head}`);

const commitScript = createRedisScript(`
local lock, control, outbox, deliveries = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local token, entry, outboxOf, now = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local firstReply, planCount, at = 5, tonumber(ARGV[5]), 6
if redis.call('GET', lock) ~= token then return 0 end
if redis.call('LINDEX', control, 0) ~= entry then return 1 end
${APPEND_PLANS}
redis.call('LPOP', control)
return 1`);

export type ControlHead =
  | { readonly status: "entry"; readonly entry: MailboxEntry }
  | { readonly status: "empty" }
  | { readonly status: "lost" };

/** A conversation's commands and pressed buttons, handled one after the other beside the running turn. */
export interface ControlLane {
  /** Whether anything waits there that its wake-up may be owed to. */
  isWaiting(conversation: string): Promise<boolean>;
  head(conversation: string, fence: Fence): Promise<ControlHead>;
  /** Consumes the entry and appends its replies, in one step. False when the lock is lost. */
  commit(
    conversation: string,
    fence: Fence,
    entry: MailboxEntry,
    plans: readonly ReplyPlan[],
  ): Promise<boolean>;
}

export function createControlLane(deps: { redis: Redis; keys: Keys; now: () => number }): ControlLane {
  const { redis, keys } = deps;
  for (const script of [headScript, commitScript]) script.keepLoaded(redis);
  return {
    isWaiting: async (conversation) => (await redis.zscore(keys.pendingControls, conversation)) !== null,
    async head(conversation, fence) {
      const [status, raw = ""] = (await headScript.run(
        redis,
        [fence.lockKey, keys.control(conversation), keys.pendingControls],
        [fence.token, conversation],
      )) as [ControlHead["status"], string?];
      return status === "entry" ? { status, entry: readEntry(raw) } : { status };
    },
    async commit(conversation, fence, entry, plans) {
      const committed = await commitScript.run(
        redis,
        [
          fence.lockKey,
          keys.control(conversation),
          keys.outbox(conversation),
          keys.pendingDeliveries,
          ...plans.map((plan) => keys.reply(plan.id)),
        ],
        [fence.token, entry.raw, conversation, deps.now(), plans.length, ...plans.flatMap(replyArguments)],
      );
      return committed === 1;
    },
  };
}
