import { createHash } from "node:crypto";

/**
 * WeCom suppresses a request that equals one of the last `duplicate_check_interval` seconds (WeCom doc 90236;
 * 1800 by default, at most 14400). A request sent again after an unknown outcome must be byte-identical to be
 * recognised, and two honest equal messages must differ. The interval itself is part of the request, so it
 * differs from reply to reply and never goes below the window in which a request may be sent again.
 */
export const RESEND_WINDOW_SECONDS = 1800;
const SPREAD_SECONDS = 14_400 - RESEND_WINDOW_SECONDS;

/** The interval for one part of a reply. Neighbours may be equal too, so the place in the reply counts as well. */
export function duplicateCheckSeconds(replyId: string, index: number): number {
  const hash = createHash("sha256").update(replyId).digest().readUInt32BE(0);
  return RESEND_WINDOW_SECONDS + (((hash % SPREAD_SECONDS) + index) % SPREAD_SECONDS);
}
