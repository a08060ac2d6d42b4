import type { ServerResponse } from "node:http";
import type { ErrorRequestHandler } from "express";
import type { Logger } from "pino";
import { respond } from "./respond.ts";

/**
 * The last resort for what no handler turned into an outcome. A request that Express itself cannot read keeps
 * its 4xx; anything else is ours. Texts of errors stay inside.
 */
export function answerError(error: unknown, response: ServerResponse, logger: Pick<Logger, "error">): void {
  const status = statusOf(error);
  if (status >= 500) {
    logger.error({ error: error instanceof Error ? error.name : typeof error }, "request failed");
  }
  respond(response, status, status >= 500 ? "Internal error.\n" : "Malformed request.\n", {
    Connection: "close",
  });
}

export function createErrorHandler(logger: Pick<Logger, "error">): ErrorRequestHandler {
  return (error: unknown, _request, response, _next) => answerError(error, response, logger);
}

function statusOf(error: unknown): number {
  const status = typeof error === "object" && error !== null && "status" in error ? error.status : undefined;
  return typeof status === "number" && status >= 400 && status < 500 ? status : 500;
}
