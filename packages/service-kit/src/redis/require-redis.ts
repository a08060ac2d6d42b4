import type { Redis } from "ioredis";
import type { Logger } from "pino";
import { ConfigError } from "../config/config-error.ts";
import { checkRedis } from "./check-redis.ts";

/**
 * Warns of what an operator should know about this Redis, and throws a ConfigError for what would break the
 * gateway's promises: one that throws keys away when it is full, a replica, a version too old, none at all.
 */
export async function requireRedis(redis: Pick<Redis, "info">, logger: Pick<Logger, "warn">): Promise<void> {
  const problems = await checkRedis(redis);
  for (const { severity, problem, fix } of problems) {
    if (severity === "warning") logger.warn({ problem, fix }, "redis settings");
  }
  const faults = problems
    .filter(({ severity }) => severity === "error")
    .map(({ problem, fix }) => ({ where: "Redis", found: problem.replace(/\.$/, ""), mend: fix }));
  if (faults.length > 0) throw new ConfigError(faults);
}
