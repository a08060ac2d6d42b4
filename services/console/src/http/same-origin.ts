import type { Request, RequestHandler } from "express";
import type { Logger } from "pino";
import { addressOf } from "./address-of.ts";

/**
 * Whether a request was sent by a page of this console itself. Browsers set `Sec-Fetch-Site` and scripts
 * cannot forge it; without it (older browsers) `Origin` must name the host that was asked. Neither header: no.
 */
export function isSameOrigin(req: Pick<Request, "headers">): boolean {
  const fetchSite = req.headers["sec-fetch-site"];
  if (fetchSite !== undefined) return fetchSite === "same-origin";
  const { origin, host } = req.headers;
  if (origin === undefined || host === undefined || !URL.canParse(origin)) return false;
  return new URL(origin).host === host.toLowerCase();
}

/** Refuses (403) everything but GET and HEAD that does not come from a page of this console: no request forgery. */
export function createRequireSameOrigin(deps: { logger: Logger }): RequestHandler {
  return (req, res, next) => {
    if (req.method === "GET" || req.method === "HEAD" || isSameOrigin(req)) return next();
    const entry = { audit: "cross_origin_refused", method: req.method, path: req.path.slice(0, 512) };
    deps.logger.warn({ ...entry, address: addressOf(req) }, "a change from another site was refused");
    res
      .status(403)
      .json({ error: "cross_origin", hint: "Changes are accepted from the console's own pages only." });
  };
}
