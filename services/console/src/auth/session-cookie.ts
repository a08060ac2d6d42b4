import type { CookieOptions, Request, Response } from "express";
import { readCookie } from "../http/cookies.ts";
import { csrfTokenOf } from "./csrf.ts";
import { SESSION_LIMIT_MS } from "./sessions.ts";

const SESSION_COOKIE = "wgw_console";
/** Bull Board's client reads this one and sends it back in the header X-XSRF-TOKEN. Scripts have to see it. */
const CSRF_COOKIE = "XSRF-TOKEN";

export function readSessionId(req: Pick<Request, "headers">): string | undefined {
  return readCookie(req.headers.cookie, SESSION_COOKIE);
}

export function setSessionCookie(req: Request, res: Response, id: string): void {
  const options = { ...cookieOptions(req), maxAge: SESSION_LIMIT_MS };
  res.cookie(SESSION_COOKIE, id, options);
  res.cookie(CSRF_COOKIE, csrfTokenOf(id), { ...options, httpOnly: false });
}

export function clearSessionCookie(req: Request, res: Response): void {
  res.clearCookie(SESSION_COOKIE, cookieOptions(req));
  res.clearCookie(CSRF_COOKIE, { ...cookieOptions(req), httpOnly: false });
}

/** `Secure` follows the browser's own connection: the console speaks HTTP, a proxy in front of it may speak TLS. */
export function cookieOptions(req: Request): CookieOptions {
  const isTls = req.headers["x-forwarded-proto"] === "https";
  return { httpOnly: true, sameSite: "strict", path: "/", secure: isTls };
}
