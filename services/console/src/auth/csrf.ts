import { createHmac, timingSafeEqual } from "node:crypto";

/** Name of the field that every form of ours has. */
export const CSRF_FIELD = "_csrf";

/**
 * The token that a change has to bring, made from a secret that only this browser's HttpOnly cookie holds: nothing is
 * stored, and whoever knows the token knows nothing of the cookie.
 */
export function csrfTokenOf(cookieSecret: string): string {
  return createHmac("sha256", cookieSecret).update("wecom-agent-gateway/console/csrf").digest("base64url");
}

export function isCsrfToken(given: unknown, cookieSecret: string): boolean {
  const expected = Buffer.from(csrfTokenOf(cookieSecret));
  const bytes = Buffer.from(typeof given === "string" ? given : "");
  return bytes.length === expected.length && timingSafeEqual(bytes, expected);
}
