import type { Redis } from "ioredis";
import type { Keys } from "./keys.ts";
import { createRedisScript } from "./redis-script.ts";

/** Workers on whose disk a person's agent keeps what it knows. */
export interface Places {
  /**
   * "here" when the person is this worker's, which they are from then on. "elsewhere" while the worker that has them
   * lives, or has not been gone for long.
   */
  claim(
    person: string,
    worker: { readonly name: string; readonly id: string },
  ): Promise<"here" | "elsewhere">;
}

const KEPT_MS = 90 * 24 * 3600 * 1000;

/**
 * A worker that beats its heart keeps its people. One of the same name is the same disk after a restart, and gets them as
 * soon as the old one has left, or has been silent once more at a second look (an outage of Redis silences everybody).
 * Another one has to wait: what the agent knows would be lost.
 */
const claimScript = createRedisScript(`
local place, workers = KEYS[1], KEYS[2]
local name, id, deadAfterMs, graceMs, keptMs = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local held = redis.call('HMGET', place, 'name', 'worker', 'gone')
if held[1] and held[2] ~= id then
  local beat = redis.call('ZSCORE', workers, held[2])
  if beat and tonumber(beat) > now - deadAfterMs then
    redis.call('HDEL', place, 'gone')
    return 0
  end
  local waits = graceMs
  if held[1] == name then waits = beat and deadAfterMs / 2 or 0 end
  if waits > 0 then
    local gone = tonumber(held[3] or now)
    if not held[3] then redis.call('HSET', place, 'gone', now) end
    if now - gone < waits then return 0 end
  end
end
redis.call('HSET', place, 'name', name, 'worker', id)
redis.call('HDEL', place, 'gone')
redis.call('PEXPIRE', place, keptMs)
return 1`);

export function createPlaces(deps: {
  readonly redis: Redis;
  readonly keys: Keys;
  /** A worker that has been silent for this long is dead. */
  readonly deadAfterMs: number;
  /** How long people wait for a worker that is gone before another one takes them. */
  readonly graceMs: number;
}): Places {
  const { redis, keys, deadAfterMs, graceMs } = deps;
  claimScript.keepLoaded(redis);
  return {
    async claim(person, { name, id }) {
      const args = [name, id, deadAfterMs, graceMs, KEPT_MS];
      return Number(await claimScript.run(redis, [keys.place(person), keys.workers], args)) === 1
        ? "here"
        : "elsewhere";
    },
  };
}
