import type { Redis } from "ioredis";
import type { Keys } from "./keys.ts";
import { createRedisScript } from "./redis-script.ts";

export const BUSY_MODES = ["queue", "steer", "interrupt"] as const;
/** What becomes of a message that arrives while the agent runs. */
export type BusyMode = (typeof BUSY_MODES)[number];

export interface Session {
  /** Counts up with every /new. Part of the id under which a runner keeps its memory. */
  readonly epoch: number;
  readonly startedAtMs: number | undefined;
  readonly lastTurnAtMs: number | undefined;
  /** The person's own choice; the app's applies where there is none. */
  readonly busyMode: BusyMode | undefined;
}

/** Starts a new session once per cause, however often the step is repeated. */
const renewScript = createRedisScript(`
local session, transcript, lastTurn = KEYS[1], KEYS[2], KEYS[3]
if redis.call('HGET', session, 'cause') == ARGV[1] then return tonumber(redis.call('HGET', session, 'epoch') or '0') end
redis.call('HSET', session, 'cause', ARGV[1], 'startedAtMs', ARGV[2])
redis.call('HDEL', session, 'runner')
redis.call('DEL', transcript, lastTurn)
return redis.call('HINCRBY', session, 'epoch', 1)`);

export interface Sessions {
  read(conversation: string): Promise<Session>;
  /** Forgets the transcript and counts the epoch up. `cause` is what asked for it (a message id, a day). */
  renew(conversation: string, cause: string): Promise<number>;
  touch(conversation: string): Promise<void>;
  setBusyMode(conversation: string, mode: BusyMode): Promise<void>;
}

export function createSessions(deps: { redis: Redis; keys: Keys; now: () => number }): Sessions {
  const { redis, keys, now } = deps;
  renewScript.keepLoaded(redis);
  return {
    async read(conversation) {
      const hash = await redis.hgetall(keys.session(conversation));
      return {
        epoch: Number(hash.epoch ?? 0),
        startedAtMs: hash.startedAtMs === undefined ? undefined : Number(hash.startedAtMs),
        lastTurnAtMs: hash.lastTurnAtMs === undefined ? undefined : Number(hash.lastTurnAtMs),
        busyMode: BUSY_MODES.find((mode) => mode === hash.busyMode),
      };
    },
    async renew(conversation, cause) {
      const touched = [
        keys.session(conversation),
        keys.transcript(conversation),
        keys.lastTurn(conversation),
      ];
      return Number(await renewScript.run(redis, touched, [cause, now()]));
    },
    async touch(conversation) {
      await redis.hset(keys.session(conversation), "lastTurnAtMs", now());
    },
    async setBusyMode(conversation, mode) {
      await redis.hset(keys.session(conversation), "busyMode", mode);
    },
  };
}
