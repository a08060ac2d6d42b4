import { randomBytes } from "node:crypto";
import type { Request, Response } from "express";
import { readCookie } from "../http/cookies.ts";
import { cookieOptions } from "./session-cookie.ts";

const VISIT_COOKIE = "wgw_visit";
const SHAPE = /^[\w-]{43}$/;

/** What a browser that is not signed in is known by, so that the sign-in form has a token, too. */
export function readVisit(req: Request): string | undefined {
  const visit = readCookie(req.headers.cookie, VISIT_COOKIE);
  return visit !== undefined && SHAPE.test(visit) ? visit : undefined;
}

export function ensureVisit(req: Request, res: Response): string {
  const known = readVisit(req);
  if (known !== undefined) return known;
  const visit = randomBytes(32).toString("base64url");
  res.cookie(VISIT_COOKIE, visit, cookieOptions(req));
  return visit;
}
