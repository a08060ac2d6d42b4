import type { CookieOptions, Request, Response } from "express";
import { readCookie } from "../http/cookies.ts";
import { SESSION_LIMIT_MS } from "./sessions.ts";

const SESSION_COOKIE = "wgw_console";

export function readSessionId(req: Pick<Request, "headers">): string | undefined {
  return readCookie(req.headers.cookie, SESSION_COOKIE);
}

export function setSessionCookie(req: Request, res: Response, id: string): void {
  res.cookie(SESSION_COOKIE, id, { ...cookieOptions(req), maxAge: SESSION_LIMIT_MS });
}

export function clearSessionCookie(req: Request, res: Response): void {
  res.clearCookie(SESSION_COOKIE, cookieOptions(req));
}

/** `Secure` follows the browser's own connection: the console speaks HTTP, a proxy in front of it may speak TLS. */
function cookieOptions(req: Request): CookieOptions {
  const isTls = req.headers["x-forwarded-proto"] === "https";
  return { httpOnly: true, sameSite: "strict", path: "/", secure: isTls };
}
