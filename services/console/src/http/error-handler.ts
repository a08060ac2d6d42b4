import type { ErrorRequestHandler, Request, RequestHandler, Response } from "express";
import type { Logger } from "pino";
import { languageOf } from "../i18n/language.ts";
import type { Texts } from "../i18n/texts.ts";
import { textsOf } from "../i18n/texts.ts";
import { renderMessagePage } from "../pages/message-page.ts";

export const notFound: RequestHandler = (req, res) => {
  answer(req, res, 404, "not_found", (texts) => [texts.notFoundTitle, texts.notFoundDetail]);
};

/** The last handler. Details go to the log; the browser gets a plain sentence in the operator's language. */
export function createErrorHandler(deps: {
  logger: Logger;
  isRedisReady: () => boolean;
}): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) return next(error);
    const status = clientFault(error);
    if (status !== undefined)
      return answer(req, res, status, "bad_request", (texts) => [texts.notFoundTitle, texts.notFoundDetail]);
    if (!deps.isRedisReady() || isRedisSilence(error)) {
      return answer(
        req,
        res,
        503,
        "redis_unavailable",
        (texts) => [texts.redisAwayTitle, texts.redisAwayDetail],
        true,
      );
    }
    deps.logger.error({ err: error, path: req.path }, "console request failed");
    return answer(req, res, 500, "internal", (texts) => [texts.faultTitle, texts.faultDetail]);
  };
}

/** A page in the operator's language, or JSON for what is no browser. */
export function answer(
  req: Request,
  res: Response,
  status: number,
  code: string,
  say: (texts: Texts) => readonly [title: string, detail: string],
  retries = false,
): void {
  const language = languageOf(req);
  const [title, detail] = say(textsOf(language));
  res.status(status).set("Cache-Control", "no-store");
  if (req.accepts(["html", "json"]) !== "html") {
    res.json({ error: code, hint: detail });
    return;
  }
  res.type("html").send(renderMessagePage({ language, path: "/", title, detail, retries }));
}

/** Errors that express's own parsers raise about the request carry a 4xx status. */
export function clientFault(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("status" in error)) return undefined;
  const { status } = error;
  return typeof status === "number" && status >= 400 && status < 500 ? status : undefined;
}

export function isRedisSilence(error: unknown): boolean {
  return (
    error instanceof Error &&
    /^(Command timed out|Connection is closed|Stream isn't writeable)/.test(error.message)
  );
}
