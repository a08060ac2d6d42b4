import { createHash, timingSafeEqual } from "node:crypto";
import type { RequestHandler } from "express";
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import { countWindow } from "../auth/count-window.ts";
import { addressOf } from "../http/address-of.ts";
import { ApiError } from "./api-error.ts";

const MINUTE_MS = 60_000;
const REQUESTS_PER_MINUTE = 600;
/** Wrong tokens from one address; the right one is not slowed down by them. */
const REFUSALS_PER_MINUTE = 30;

interface Deps {
  /** Undefined: the API is turned off. */
  readonly token: string | undefined;
  readonly redis: Redis;
  readonly prefix: string;
  readonly logger: Logger;
}

/**
 * Lets requests with the token pass, up to a limit. It stands in for the session and for the same-origin check:
 * a browser never adds this header by itself, so no other site can make it ask.
 */
export function createApiAccess(deps: Deps): RequestHandler {
  const { redis, prefix, logger } = deps;
  const expected = deps.token === undefined ? undefined : digest(deps.token);
  return async (req, res, next) => {
    if (expected === undefined)
      throw new ApiError(404, "api_off", "The API is turned off. Set CONSOLE_API_TOKEN to turn it on.");
    const given = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(req.headers.authorization ?? "")?.[1];
    const address = addressOf(req);
    if (given === undefined || !timingSafeEqual(digest(given), expected)) {
      const key = `${prefix}:console:api-refused:${digest(address).toString("hex").slice(0, 32)}`;
      const refused = await countWindow(redis, key, MINUTE_MS);
      res.set("WWW-Authenticate", "Bearer");
      if (refused.count > REFUSALS_PER_MINUTE) throw limited(refused.resetsInMs);
      logger.warn({ audit: "api_refused", address }, "a request without the API token was refused");
      throw new ApiError(401, "token_invalid", "Send the header Authorization: Bearer <CONSOLE_API_TOKEN>.");
    }
    const asked = await countWindow(redis, `${prefix}:console:api-requests`, MINUTE_MS);
    if (asked.count > REQUESTS_PER_MINUTE) throw limited(asked.resetsInMs);
    next();
  };
}

function limited(retryAfterMs: number): ApiError {
  const seconds = Math.ceil(retryAfterMs / 1000);
  return new ApiError(429, "too_many_requests", `Try again in ${seconds} s.`, { retryAfterSeconds: seconds });
}

/** Equal lengths for the comparison, whatever was given. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
