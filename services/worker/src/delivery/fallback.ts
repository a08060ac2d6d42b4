import type { StoredChunk } from "@gateway/conversation";
import type { SendOutcome } from "./send-outcome.ts";

/**
 * What to send in place of a chunk that WeCom refuses for what it is: a card to an app that has no callback URL (43012),
 * or one that WeCom finds fault with. A receiver who is refused would be so with any message.
 */
export function fallbackOf(outcome: SendOutcome, { body, fallback }: StoredChunk): string | undefined {
  if (outcome.kind !== "refused" || fallback === undefined || body === fallback) return undefined;
  return outcome.error === undefined || outcome.error.kind === "recipient" ? undefined : fallback;
}
