import { createHash } from "node:crypto";
import type { Redis } from "ioredis";

/** A Lua script: one atomic step in Redis. */
export interface RedisScript {
  /** Loads the script now and after every reconnect, so that `run` is one round trip from the first call. */
  keepLoaded(redis: Redis): void;
  run(redis: Redis, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown>;
}

/** One listener a connection, however many scripts it keeps. */
const kept = new WeakMap<Redis, Set<string>>();

export function createRedisScript(lua: string): RedisScript {
  const sha = createHash("sha1").update(lua).digest("hex");
  return {
    keepLoaded(redis) {
      const scripts = kept.get(redis) ?? new Set();
      if (!kept.has(redis)) redis.on("ready", () => loadAll(redis, scripts));
      kept.set(redis, scripts.add(lua));
      if (redis.status === "ready") loadAll(redis, [lua]);
    },
    async run(redis, keys, args) {
      try {
        return await redis.evalsha(sha, keys.length, ...keys, ...args);
      } catch (error) {
        if (!(error instanceof Error) || !error.message.startsWith("NOSCRIPT")) throw error;
        return redis.eval(lua, keys.length, ...keys, ...args);
      }
    },
  };
}

function loadAll(redis: Redis, scripts: Iterable<string>): void {
  // Best effort: a script that is not loaded is sent whole by run().
  for (const lua of scripts) redis.script("LOAD", lua).catch(() => undefined);
}
