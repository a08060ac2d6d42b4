import type { ErrorRequestHandler } from "express";
import type { Logger } from "pino";
import { clientFault, isRedisSilence } from "../http/error-handler.ts";
import { ApiError } from "./api-error.ts";

/** Every failure of the API as JSON with what to do. */
export function createApiErrorHandler(deps: {
  logger: Logger;
  isRedisReady: () => boolean;
}): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) return next(error);
    const { status, code, message, more } = toApiError(error, deps.isRedisReady());
    if (status === 500) deps.logger.error({ err: error, path: req.path }, "API request failed");
    if (typeof more.retryAfterSeconds === "number") res.set("Retry-After", String(more.retryAfterSeconds));
    res.status(status).json({ error: code, hint: message, ...more });
  };
}

function toApiError(error: unknown, isRedisReady: boolean): ApiError {
  if (error instanceof ApiError) return error;
  const status = clientFault(error);
  if (status === 413) return new ApiError(413, "too_large", "The request has more than 256 KB.");
  if (status !== undefined) return new ApiError(status, "request_invalid", "The request's body is not JSON.");
  if (!isRedisReady || isRedisSilence(error)) {
    const hint = "Redis does not answer. Try again with the same Idempotency-Key.";
    return new ApiError(503, "redis_unavailable", hint, { retryAfterSeconds: 5 });
  }
  return new ApiError(500, "internal", "The console's log says what went wrong.");
}
