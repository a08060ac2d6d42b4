import type { Redis } from "ioredis";
import type { InboundMessage } from "./inbound-message.ts";
import type { Keys } from "./keys.ts";
import type { MailboxEntry } from "./mailbox-entry.ts";
import { readEntry } from "./mailbox-entry.ts";
import { createRedisScript } from "./redis-script.ts";

/** Sets a field of the running turn; nothing when none is running, so that it cannot hit the next one. */
const markScript = createRedisScript(`
if tonumber(redis.call('HGET', KEYS[1], 'n') or '0') == 0 then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1`);

/** Adds a message once, at the tail or right behind the running turn. */
const enqueueScript = createRedisScript(`
local seen, mailbox, turn, pending = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local windowMs, entry, conversation, now, place = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
if not redis.call('SET', seen, now, 'NX', 'PX', windowMs) then return 0 end
local n = tonumber(redis.call('HGET', turn, 'n') or '0')
if place == 'next' and n > 0 then
  redis.call('LINSERT', mailbox, 'AFTER', redis.call('LINDEX', mailbox, n - 1), entry)
elseif place == 'next' then
  redis.call('LPUSH', mailbox, entry)
else
  redis.call('RPUSH', mailbox, entry)
end
redis.call('ZADD', pending, 'NX', now, conversation)
return 1`);

const clearScript = createRedisScript(`
local mailbox, turn = KEYS[1], KEYS[2]
local n = tonumber(redis.call('HGET', turn, 'n') or '0')
local dropped = redis.call('LLEN', mailbox) - n
if dropped <= 0 then return 0 end
if n == 0 then redis.call('DEL', mailbox) else redis.call('LTRIM', mailbox, 0, n - 1) end
return dropped`);

export type StopReason = "user" | "interrupt" | "new";

export interface TurnState {
  readonly running: boolean;
  readonly attempt: number;
  readonly startedAtMs: number | undefined;
  /** What the agent last said it was doing. */
  readonly doing: string | undefined;
  readonly stop: StopReason | undefined;
  /** The person or the app's busy mode asks the run to take the waiting messages in. */
  readonly steer: boolean;
  readonly claimed: number;
  readonly waiting: number;
}

/** How commands reach a conversation's mailbox and its running turn, wherever that runs. */
export interface TurnControl {
  read(conversation: string): Promise<TurnState>;
  waiting(conversation: string): Promise<MailboxEntry[]>;
  /** True when a turn was running and has been told. */
  stop(conversation: string, reason: StopReason): Promise<boolean>;
  steer(conversation: string): Promise<boolean>;
  setDoing(conversation: string, doing: string): Promise<void>;
  /** False when a message of this id was added before. */
  enqueue(conversation: string, message: InboundMessage, place: "tail" | "next"): Promise<boolean>;
  /** Drops what waits behind the running turn. Returns how many. */
  clear(conversation: string): Promise<number>;
}

const ONCE_MS = 24 * 3600 * 1000;

export function createTurnControl(deps: { redis: Redis; keys: Keys; now: () => number }): TurnControl {
  const { redis, keys } = deps;
  for (const script of [markScript, enqueueScript, clearScript]) script.keepLoaded(redis);
  const mark = async (conversation: string, field: string, value: string) =>
    (await markScript.run(redis, [keys.turn(conversation)], [field, value])) === 1;
  const told = async (conversation: string, field: string, value: string) => {
    const running = await mark(conversation, field, value);
    if (running) await redis.publish(keys.signals, conversation);
    return running;
  };
  return {
    async read(conversation) {
      const [turn, depth] = await Promise.all([
        redis.hgetall(keys.turn(conversation)),
        redis.llen(keys.mailbox(conversation)),
      ]);
      return toState(turn, depth);
    },
    async waiting(conversation) {
      const claimed = Number((await redis.hget(keys.turn(conversation), "n")) ?? 0);
      return (await redis.lrange(keys.mailbox(conversation), claimed, -1)).map(readEntry);
    },
    stop: (conversation, reason) => told(conversation, "stop", reason),
    steer: (conversation) => told(conversation, "steer", "1"),
    async setDoing(conversation, doing) {
      await mark(conversation, "doing", doing);
    },
    async enqueue(conversation, message, place) {
      const added = await enqueueScript.run(
        redis,
        [keys.seen(message.id), keys.mailbox(conversation), keys.turn(conversation), keys.pendingTurns],
        [ONCE_MS, JSON.stringify(message), conversation, deps.now(), place],
      );
      return added === 1;
    },
    clear: async (conversation) =>
      Number(await clearScript.run(redis, [keys.mailbox(conversation), keys.turn(conversation)], [])),
  };
}

function toState(turn: Record<string, string>, depth: number): TurnState {
  const claimed = Number(turn.n ?? 0);
  return {
    running: claimed > 0,
    attempt: Number(turn.att ?? 0),
    startedAtMs: turn.startedAtMs === undefined ? undefined : Number(turn.startedAtMs),
    doing: turn.doing,
    stop: turn.stop as StopReason | undefined,
    steer: turn.steer !== undefined,
    claimed,
    waiting: depth - claimed,
  };
}
