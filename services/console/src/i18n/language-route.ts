import type { RequestHandler } from "express";
import { localPath } from "../http/local-path.ts";
import { isLanguage, LANGUAGE_COOKIE } from "./language.ts";

const YEAR_MS = 365 * 24 * 3600_000;

/** The language toggle: remembers the choice in this browser and goes back to the page it was made on. */
export const chooseLanguage: RequestHandler = (req, res) => {
  const language = req.query.to;
  if (isLanguage(language)) {
    res.cookie(LANGUAGE_COOKIE, language, { httpOnly: true, sameSite: "lax", path: "/", maxAge: YEAR_MS });
  }
  res.redirect(303, localPath(req.query.next));
};
