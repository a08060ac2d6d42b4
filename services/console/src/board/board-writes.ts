import type { BeforeHook } from "@bull-board/api/typings/app";

/**
 * What an operator may change through Bull Board. Each of these at most wakes, delays or forgets a wake-up,
 * and the reconciler heals the last. Everything else is refused, also what a later version adds: adding or
 * editing jobs would write the redacted text back over the real one, and emptying or obliterating a queue
 * removes the records that the message timeline is made of.
 */
const ALLOWED_WRITES = new Set([
  "/api/queues/pause",
  "/api/queues/resume",
  "/api/queues/:queueName/pause",
  "/api/queues/:queueName/resume",
  "/api/queues/:queueName/concurrency",
  "/api/queues/:queueName/rate-limit",
  "/api/queues/:queueName/rate-limit/release",
  "/api/queues/:queueName/promote",
  "/api/queues/:queueName/retry/:queueStatus",
  "/api/queues/:queueName/clean/:queueStatus",
  "/api/queues/:queueName/:jobId/retry",
  "/api/queues/:queueName/:jobId/promote",
  "/api/queues/:queueName/:jobId/clean",
  "/api/queues/:queueName/:jobId/delay",
]);

export const allowBoardWrite: BeforeHook = ({ method, route }) => {
  if (method === "get" || ALLOWED_WRITES.has(route)) return { allow: true };
  return {
    allow: false,
    status: 403,
    errorKey: "ERRORS.FORBIDDEN",
    message:
      "The gateway's console does not change jobs by hand: pause, retry, promote and clean them instead.",
  };
};
