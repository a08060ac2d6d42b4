import type { Request, RequestHandler, Response } from "express";
import { csrfTokenOf } from "./csrf.ts";
import { readSessionId } from "./session-cookie.ts";
import type { Session, Sessions } from "./sessions.ts";

/** The session of a request, and the token that its forms have to bring back. */
export interface SignedIn extends Session {
  readonly csrf: string;
}

const sessions = new WeakMap<Response, SignedIn>();

/** The session that `createRequireSession` found for this response; calling it on a public route is a bug. */
export function sessionOf(res: Response): SignedIn {
  const session = sessions.get(res);
  if (session === undefined) throw new Error("No session: this route is not behind requireSession.");
  return session;
}

/** Lets signed-in operators pass. Others: a page load goes to the sign-in page, anything else gets 401. */
export function createRequireSession(deps: { sessions: Sessions }): RequestHandler {
  return async (req, res, next) => {
    const id = readSessionId(req);
    const session = await deps.sessions.find(id);
    if (id !== undefined && session !== undefined) {
      sessions.set(res, { ...session, csrf: csrfTokenOf(id) });
      return next();
    }
    if (isPageLoad(req)) {
      return res.redirect(303, `/login?next=${encodeURIComponent(req.originalUrl)}`);
    }
    return res.status(401).json({ error: "signed_out", hint: "Sign in at /login." });
  };
}

function isPageLoad(req: Request): boolean {
  return req.method === "GET" && (req.headers.accept ?? "").includes("text/html");
}
