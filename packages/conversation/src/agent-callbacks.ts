import { createHash, randomBytes } from "node:crypto";
import type { Redis } from "ioredis";
import type { Keys } from "./keys.ts";
import { createRedisScript } from "./redis-script.ts";

/** How long an answer is kept for a worker that comes back late, and known to be a repetition. */
const ANSWER_KEPT_MS = 24 * 3600 * 1000;
const TOKEN = /^[\w-]{32}$/;

/** What an agent that answers later has said so far. */
export interface CalledBack {
  /** The body that ended the run. */
  readonly end?: string;
  /** The last body that did not, and how many there were. */
  readonly progress?: string;
  readonly count: number;
}

/** stored: also by an earlier, equal call. conflict: another answer was first. gone: nobody waits for it (any more). */
export type CallbackResult = "stored" | "conflict" | "gone";

/** Where agents that answer later leave what they say. The token in the address names the turn, and only it. */
export interface AgentCallbacks {
  newToken(): string;
  /** Takes callbacks until then. Opened again, it keeps what is there. */
  open(token: string, conversation: string, untilMs: number): Promise<void>;
  /** Whose turn it is; undefined when nothing is open. */
  conversationOf(token: string): Promise<string | undefined>;
  /** Durable when it resolves; the worker that waits is told. The first `end` counts. */
  deliver(token: string, kind: "progress" | "end", body: Buffer): Promise<CallbackResult>;
  read(token: string): Promise<CalledBack>;
  /** Nobody waits any more, and nothing was answered from it. */
  close(token: string): Promise<void>;
}

const openScript = createRedisScript(`
redis.call('HSET', KEYS[1], 'conversation', ARGV[1])
if redis.call('HEXISTS', KEYS[1], 'sum') == 0 then redis.call('PEXPIREAT', KEYS[1], ARGV[2]) end
return 1`);

const deliverScript = createRedisScript(`
local callback, kind, body, sum, keepMs = KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local conversation, before = unpack(redis.call('HMGET', callback, 'conversation', 'sum'))
if not conversation then return {'gone'} end
if before and kind == 'end' and before ~= sum then return {'conflict'} end
if before then return {'stored'} end
redis.call('HINCRBY', callback, 'count', 1)
if kind == 'progress' then
  redis.call('HSET', callback, 'progress', body)
else
  redis.call('HSET', callback, 'end', body, 'sum', sum)
  redis.call('PEXPIRE', callback, keepMs)
end
return {'stored', conversation}`);

export function createAgentCallbacks(deps: { redis: Redis; keys: Keys }): AgentCallbacks {
  const { redis, keys } = deps;
  for (const script of [openScript, deliverScript]) script.keepLoaded(redis);
  return {
    newToken: () => randomBytes(24).toString("base64url"),
    async open(token, conversation, untilMs) {
      await openScript.run(redis, [keys.agentCallback(token)], [conversation, untilMs]);
    },
    async conversationOf(token) {
      if (!TOKEN.test(token)) return undefined;
      return (await redis.hget(keys.agentCallback(token), "conversation")) ?? undefined;
    },
    async deliver(token, kind, body) {
      const sum = createHash("sha256").update(body).digest("hex");
      const args = [kind, body.toString("utf8"), sum, ANSWER_KEPT_MS];
      const [result, conversation] = (await deliverScript.run(redis, [keys.agentCallback(token)], args)) as [
        CallbackResult,
        string?,
      ];
      // A worker that misses this looks by itself after a while.
      if (conversation !== undefined) await redis.publish(keys.signals, conversation).catch(() => undefined);
      return result;
    },
    async read(token) {
      const { end, progress, count = "0" } = await redis.hgetall(keys.agentCallback(token));
      return {
        ...(end === undefined ? {} : { end }),
        ...(progress === undefined ? {} : { progress }),
        count: Number(count),
      };
    },
    close: async (token) => void (await redis.del(keys.agentCallback(token))),
  };
}
