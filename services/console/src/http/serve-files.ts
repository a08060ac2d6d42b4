import type { RequestHandler } from "express";
import { Router, static as staticFiles } from "express";

/** Serves one folder of our own files under a path; a short cache, because their names do not change with them. */
export function serveFiles(path: string, folder: string): RequestHandler {
  const cache: RequestHandler = (_req, res, next) => {
    res.set("Cache-Control", "public, max-age=300");
    next();
  };
  const missing: RequestHandler = (_req, res) => {
    res.status(404).set("Cache-Control", "no-store").end();
  };
  return Router().use(
    path,
    cache,
    staticFiles(folder, { index: false, redirect: false, cacheControl: false }),
    missing,
  );
}
