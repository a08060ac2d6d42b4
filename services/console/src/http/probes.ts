import { createHealthHandler } from "@gateway/service-kit";
import type { RequestHandler } from "express";
import type { Redis } from "ioredis";

/** `/health` and `/ready`, without a session: balancers and supervisors ask them. */
export function createProbes(redis: Pick<Redis, "ping">): RequestHandler {
  const handle = createHealthHandler({ ready: () => redis.ping() });
  return (req, res, next) => {
    if (!handle(req, res)) next();
  };
}
