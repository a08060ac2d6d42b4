import { createHash } from "node:crypto";
import type { Redis } from "ioredis";

/** A Lua script: one atomic step in Redis. */
export interface RedisScript {
  /** Loads the script now and after every reconnect, so that `run` is one round trip from the first call. */
  keepLoaded(redis: Redis): void;
  run(redis: Redis, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown>;
}

export function createRedisScript(lua: string): RedisScript {
  const sha = createHash("sha1").update(lua).digest("hex");
  return {
    keepLoaded(redis) {
      const load = () => {
        // Best effort: a script that is not loaded is sent whole by run().
        redis.script("LOAD", lua).catch(() => undefined);
      };
      redis.on("ready", load);
      if (redis.status === "ready") load();
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
