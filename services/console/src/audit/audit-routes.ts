import { Router } from "express";
import { z } from "zod";
import { sessionOf } from "../auth/require-session.ts";
import { languageOf } from "../i18n/language.ts";
import { renderAuditPage } from "../pages/audit-page.ts";
import type { AuditLog } from "./audit-log.ts";

const PAGE_SIZE = 100;
const position = z
  .string()
  .regex(/^\d{1,15}-\d{1,10}$/)
  .optional()
  .catch(undefined);

/** `/audit`: who did what, when and from where. */
export function createAuditRoutes(deps: { auditLog: AuditLog }): Router {
  const router = Router();
  router.get("/audit", async (req, res) => {
    const before = position.parse(req.query.before);
    const page = await deps.auditLog.read({ before, limit: PAGE_SIZE });
    res.type("html").send(renderAuditPage({ language: languageOf(req), operator: sessionOf(res), ...page }));
  });
  return router;
}
