import type { Request } from "express";
import { readCookie } from "../http/cookies.ts";

export const LANGUAGES = ["en", "zh-CN"] as const;
export type Language = (typeof LANGUAGES)[number];

/** Holds the language the operator chose with the toggle; not secret, readable without a session. */
export const LANGUAGE_COOKIE = "wgw_lang";

export function isLanguage(value: unknown): value is Language {
  return LANGUAGES.some((language) => language === value);
}

/** The toggle's choice if there is one, else the first language of Accept-Language that we speak, else English. */
export function languageOf(req: Pick<Request, "headers">): Language {
  const chosen = readCookie(req.headers.cookie, LANGUAGE_COOKIE);
  return isLanguage(chosen) ? chosen : fromAcceptLanguage(req.headers["accept-language"]);
}

function fromAcceptLanguage(header: string | undefined): Language {
  const wanted = (header ?? "")
    .slice(0, 500)
    .split(",")
    .map((entry) => {
      const [tag = "", ...parameters] = entry.trim().toLowerCase().split(";");
      const quality = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1]).find(Boolean);
      return { tag, quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality);
  for (const { tag } of wanted) {
    if (tag === "zh" || tag.startsWith("zh-")) return "zh-CN";
    if (tag === "en" || tag.startsWith("en-")) return "en";
  }
  return "en";
}
