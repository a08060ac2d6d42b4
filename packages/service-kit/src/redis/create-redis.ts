import { Redis } from "ioredis";
import type { RedisRole } from "./redis-options.ts";
import { redisOptions } from "./redis-options.ts";

/**
 * A connection in the given role. `url` may carry user, password and database, and `rediss:` means TLS. Whoever
 * creates it closes it. Connection errors go to onError as new errors without the command that failed (AUTH has
 * the password in it); ioredis reconnects by itself.
 */
export function createRedis(
  url: string,
  role: RedisRole,
  onError: (error: Error) => void = () => undefined,
): Redis {
  const redis = new Redis(url, redisOptions(role));
  // Without a listener ioredis prints connection errors itself, past the logger.
  redis.on("error", (error: Error) => onError(withoutCommand(error)));
  return redis;
}

function withoutCommand(error: Error): Error {
  const reason =
    error.message === "" && error instanceof AggregateError ? firstMessage(error) : error.message;
  const code = "code" in error && typeof error.code === "string" ? { code: error.code } : {};
  return Object.assign(new Error(`Redis connection: ${reason}`), code);
}

/** Node tries each address of a name and reports the failures together, without a message of its own. */
function firstMessage(error: AggregateError): string {
  const [first] = error.errors;
  return first instanceof Error ? first.message : "failed";
}
