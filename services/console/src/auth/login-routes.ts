import type { Request, Response } from "express";
import { Router, urlencoded } from "express";
import type { Logger } from "pino";
import { z } from "zod";
import type { AuditLog } from "../audit/audit-log.ts";
import { addressOf } from "../http/address-of.ts";
import { answer } from "../http/error-handler.ts";
import { localPath } from "../http/local-path.ts";
import { languageOf } from "../i18n/language.ts";
import type { Texts } from "../i18n/texts.ts";
import { textsOf } from "../i18n/texts.ts";
import { renderLoginPage } from "../pages/login-page.ts";
import type { Credentials } from "./credentials.ts";
import { CSRF_FIELD, csrfTokenOf, isCsrfToken } from "./csrf.ts";
import type { LoginLimiter } from "./login-limiter.ts";
import { clearSessionCookie, readSessionId, setSessionCookie } from "./session-cookie.ts";
import type { Sessions } from "./sessions.ts";
import { ensureVisit, readVisit } from "./visit-cookie.ts";

const loginForm = z.object({ user: z.string(), password: z.string(), next: z.string().optional() });

interface Deps {
  readonly credentials: Credentials;
  readonly sessions: Sessions;
  readonly limiter: LoginLimiter;
  readonly hasGeneratedPassword: boolean;
  readonly auditLog: AuditLog;
  readonly logger: Pick<Logger, "warn">;
}

/**
 * `/login` and `/logout`, each with a token against forged requests. Each attempt is written down; nothing of what was
 * typed as password is.
 */
export function createLoginRoutes(deps: Deps): Router {
  const router = Router();
  router.get("/login", async (req, res) => {
    const next = localPath(req.query.next);
    if ((await deps.sessions.find(readSessionId(req))) !== undefined) return res.redirect(303, next);
    return sendForm(req, res, deps, { status: 200, next });
  });
  const form = urlencoded({ extended: false, limit: "4kb", parameterLimit: 8 });
  router.post("/login", form, (req, res) => signIn(req, res, deps));
  router.post("/logout", form, async (req, res) => {
    const id = readSessionId(req);
    if (!isCsrfToken(req.get("x-xsrf-token") ?? req.body?.[CSRF_FIELD], id ?? ""))
      return answer(req, res, 403, "csrf", (texts) => [texts.pageTooOldTitle, texts.pageTooOldDetail]);
    const session = await deps.sessions.find(id);
    await deps.sessions.close(id);
    clearSessionCookie(req, res);
    if (session !== undefined) deps.auditLog.write(req, "signed_out", session.user, {});
    return res.redirect(303, "/login");
  });
  return router;
}

async function signIn(req: Request, res: Response, deps: Deps): Promise<void> {
  const form = loginForm.safeParse(req.body);
  const { user, password, next: wanted } = form.success ? form.data : { user: "", password: "" };
  const next = localPath(wanted);
  if (!isCsrfToken(req.body?.[CSRF_FIELD], readVisit(req) ?? ""))
    return sendForm(req, res, deps, { status: 403, next, user, error: (texts) => texts.pageTooOldDetail });
  const address = addressOf(req);
  const permit = await deps.limiter.take(address);
  if (!permit.allowed) {
    // Without end for whoever wants it, so it does not push what was done out of the audit log.
    deps.logger.warn({ audit: "login_limited", address }, "too many attempts to sign in");
    res.set("Retry-After", String(Math.ceil(permit.retryAfterMs / 1000)));
    return sendForm(req, res, deps, {
      ...{ status: 429, next, user },
      error: (texts) => texts.tooManyAttempts(permit.retryAfterMs),
    });
  }
  if (!(await deps.credentials.match(user, password))) {
    // People type passwords into the user field: a name that is not the operator's is not written down.
    deps.auditLog.write(req, "login_refused", undefined, {});
    return sendForm(req, res, deps, { status: 401, next, user, error: (texts) => texts.wrongCredentials });
  }
  await deps.limiter.clear(address);
  // A new id at every sign-in: an id that somebody planted in this browser before is worth nothing.
  await deps.sessions.close(readSessionId(req));
  setSessionCookie(req, res, await deps.sessions.open(user));
  deps.auditLog.write(req, "signed_in", user, {});
  res.redirect(303, next);
}

function sendForm(
  req: Request,
  res: Response,
  deps: Deps,
  view: { status: number; next: string; user?: string; error?: (texts: Texts) => string },
): void {
  const language = languageOf(req);
  const error = view.error?.(textsOf(language));
  const user = (view.user ?? "").slice(0, 256);
  const { hasGeneratedPassword } = deps;
  const csrf = csrfTokenOf(ensureVisit(req, res));
  res
    .status(view.status)
    .type("html")
    .send(renderLoginPage({ language, next: view.next, user, error, hasGeneratedPassword, csrf }));
}
