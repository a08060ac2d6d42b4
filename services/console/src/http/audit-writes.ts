import type { RequestHandler } from "express";
import type { Logger } from "pino";
import { sessionOf } from "../auth/require-session.ts";

/**
 * One log line for every change an operator asked for, with its outcome, refused ones included. The path names
 * queue and job; the body stays out, because it may hold content.
 */
export function createAuditWrites(deps: { logger: Logger }): RequestHandler {
  return (req, res, next) => {
    if (req.method !== "GET" && req.method !== "HEAD") {
      const { user } = sessionOf(res);
      const path = req.originalUrl.split("?", 1)[0]?.slice(0, 512);
      res.once("finish", () => {
        const entry = { audit: "write", operator: user, method: req.method, path, status: res.statusCode };
        deps.logger.info({ ...entry, address: req.socket.remoteAddress }, "operator changed something");
      });
    }
    next();
  };
}
