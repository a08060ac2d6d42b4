import type { InboundMessage } from "@gateway/conversation";
import type { Gatekeeper, Word } from "@gateway/conversation/access";
import type { Clock } from "../clock.ts";
import type { AckDeadline } from "../within-deadline.ts";
import { withinDeadline } from "../within-deadline.ts";
import type { AccessPolicy } from "./access-policy.ts";

export type AccessResult =
  | { readonly status: "allowed" | "denied" }
  /** Redis did not answer: not known. */
  | { readonly status: "failed"; readonly code: string };

export type CheckAccess = (
  policy: AccessPolicy,
  message: InboundMessage,
  deadline: AckDeadline,
) => Promise<AccessResult>;

/**
 * Whoever is on a list is in without a question to Redis. Only about the others it is asked, each time: an
 * administrator may have let them in, or revoked it, a moment ago on another replica.
 */
export function createCheckAccess(deps: {
  gatekeeper: Pick<Gatekeeper, "ask">;
  clock: Clock;
  retryEveryMs: number;
}): CheckAccess {
  return async (policy, message, deadline) => {
    if (policy.isListed(message.userId)) return { status: "allowed" };
    const word: Word = isSpoken(message) ? policy.word : "nothing";
    const asked = await withinDeadline(() => deps.gatekeeper.ask(message, word), deadline, deps);
    if (asked.status === "failed") return asked;
    return { status: asked.value === "approved" ? "allowed" : "denied" };
  };
}

/** Opening the app is an event too, and no reason to talk to anybody; a pressed menu button is. */
function isSpoken({ message }: InboundMessage): boolean {
  return message.kind !== "event" || message.event === "click";
}
