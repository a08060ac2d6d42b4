import type { RequestHandler } from "express";
import { urlencoded } from "express";
import type { Logger } from "pino";
import { addressOf } from "../http/address-of.ts";
import { answer } from "../http/error-handler.ts";
import { CSRF_FIELD, isCsrfToken } from "./csrf.ts";
import { readSessionId } from "./session-cookie.ts";

/**
 * Refuses (403) every change of a signed-in operator that does not bring the token of their session: in a form's
 * field, or in the header that Bull Board's client fills in from a cookie. It also reads the forms, for all routes.
 */
export function createRequireCsrf(deps: { logger: Logger }): RequestHandler[] {
  return [
    urlencoded({ extended: false, limit: "256kb", parameterLimit: 300 }),
    (req, res, next) => {
      if (req.method === "GET" || req.method === "HEAD") return next();
      const secret = readSessionId(req) ?? "";
      const given: unknown = req.get("x-xsrf-token") ?? req.body?.[CSRF_FIELD];
      if (isCsrfToken(given, secret)) return next();
      const entry = { audit: "csrf_refused", method: req.method, path: req.path.slice(0, 512) };
      deps.logger.warn({ ...entry, address: addressOf(req) }, "a change without its token was refused");
      return answer(req, res, 403, "csrf", (texts) => [texts.pageTooOldTitle, texts.pageTooOldDetail]);
    },
  ];
}
