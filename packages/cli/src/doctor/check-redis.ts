import { checkRedis } from "@gateway/service-kit";
import type { Redis } from "ioredis";
import type { Finding } from "./finding.ts";

/** Version, persistence and eviction, as at the start of every service. */
export async function checkRedisServer(redis: Redis): Promise<Finding[]> {
  const problems = await checkRedis(redis);
  if (problems.length === 0)
    return [{ check: "redis", status: "ok", says: "Redis answers and keeps what it is given." }];
  return problems.map(({ severity, problem, fix }) => ({
    check: "redis",
    status: severity === "error" ? "problem" : "warning",
    says: problem,
    fix,
  }));
}
