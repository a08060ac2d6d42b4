import { fileURLToPath } from "node:url";
import type { RequestHandler } from "express";
import express, { Router } from "express";

/** Lies beside both src and dist. */
const PUBLIC_FOLDER = fileURLToPath(new URL("../../public/", import.meta.url));

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "media-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const secure: RequestHandler = (_request, response, next) => {
  response.set({
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
  });
  next();
};

/** The chat page and its files. */
export function createPageRouter(): Router {
  const router = Router();
  router.use(
    secure,
    express.static(PUBLIC_FOLDER, { dotfiles: "ignore", redirect: false, cacheControl: false }),
  );
  return router;
}
