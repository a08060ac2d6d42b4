import type { RequestHandler } from "express";
import type { AuditLog } from "../audit/audit-log.ts";
import { sessionOf } from "../auth/require-session.ts";

/**
 * Writes down every change of queues and jobs that an operator asked for, with its outcome, refused ones included. The
 * path names queue and job; the body stays out, because it may hold content. Our own pages say more themselves.
 */
export function createAuditWrites(deps: { auditLog: AuditLog }): RequestHandler {
  return (req, res, next) => {
    if (req.method !== "GET" && req.method !== "HEAD") {
      const { user } = sessionOf(res);
      const path = req.originalUrl.split("?", 1)[0]?.slice(0, 512);
      res.once("finish", () => {
        deps.auditLog.write(req, "write", user, { method: req.method, path, status: res.statusCode });
      });
    }
    next();
  };
}
