import type { Request, Response } from "express";
import { Router, urlencoded } from "express";
import type { Logger } from "pino";
import { z } from "zod";
import { localPath } from "../http/local-path.ts";
import { languageOf } from "../i18n/language.ts";
import type { Texts } from "../i18n/texts.ts";
import { textsOf } from "../i18n/texts.ts";
import { renderLoginPage } from "../pages/login-page.ts";
import type { Credentials } from "./credentials.ts";
import type { LoginLimiter } from "./login-limiter.ts";
import { clearSessionCookie, readSessionId, setSessionCookie } from "./session-cookie.ts";
import type { Sessions } from "./sessions.ts";

const loginForm = z.object({ user: z.string(), password: z.string(), next: z.string().optional() });

interface Deps {
  readonly credentials: Credentials;
  readonly sessions: Sessions;
  readonly limiter: LoginLimiter;
  readonly hasGeneratedPassword: boolean;
  readonly logger: Logger;
}

/** `/login` and `/logout`. Each attempt leaves an audit line; none of them holds what was typed as password. */
export function createLoginRoutes(deps: Deps): Router {
  const router = Router();
  router.get("/login", async (req, res) => {
    const next = localPath(req.query.next);
    if ((await deps.sessions.find(readSessionId(req))) !== undefined) return res.redirect(303, next);
    return sendForm(req, res, deps, { status: 200, next });
  });
  router.post("/login", urlencoded({ extended: false, limit: "4kb", parameterLimit: 8 }), (req, res) =>
    signIn(req, res, deps),
  );
  router.post("/logout", async (req, res) => {
    const id = readSessionId(req);
    const session = await deps.sessions.find(id);
    await deps.sessions.close(id);
    clearSessionCookie(req, res);
    if (session !== undefined) audit(req, deps, session.user, "signed_out");
    res.redirect(303, "/login");
  });
  return router;
}

async function signIn(req: Request, res: Response, deps: Deps): Promise<void> {
  const form = loginForm.safeParse(req.body);
  const { user, password, next: wanted } = form.success ? form.data : { user: "", password: "" };
  const next = localPath(wanted);
  const address = req.socket.remoteAddress ?? "";
  const permit = await deps.limiter.take(address);
  if (!permit.allowed) {
    audit(req, deps, user, "login_limited");
    res.set("Retry-After", String(Math.ceil(permit.retryAfterMs / 1000)));
    return sendForm(req, res, deps, {
      ...{ status: 429, next, user },
      error: (texts) => texts.tooManyAttempts(permit.retryAfterMs),
    });
  }
  if (!(await deps.credentials.match(user, password))) {
    audit(req, deps, user, "login_refused");
    return sendForm(req, res, deps, { status: 401, next, user, error: (texts) => texts.wrongCredentials });
  }
  await deps.limiter.clear(address);
  // A new id at every sign-in: an id that somebody planted in this browser before is worth nothing.
  await deps.sessions.close(readSessionId(req));
  setSessionCookie(req, res, await deps.sessions.open(user));
  audit(req, deps, user, "signed_in");
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
  res
    .status(view.status)
    .type("html")
    .send(renderLoginPage({ language, next: view.next, user, error, hasGeneratedPassword }));
}

function audit(req: Request, deps: Deps, operator: string, event: string): void {
  // People type passwords into the user field; a name that is not the operator's is not written down.
  const name = event === "signed_in" || event === "signed_out" ? { operator } : {};
  deps.logger.info({ audit: event, ...name, address: req.socket.remoteAddress }, "operator sign-in");
}
