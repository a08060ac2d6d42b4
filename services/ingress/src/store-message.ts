import type { Acceptor, InboundMessage } from "@gateway/conversation";
import type { Clock } from "./clock.ts";
import type { AckDeadline } from "./within-deadline.ts";
import { withinDeadline } from "./within-deadline.ts";

export type StoreResult =
  | { readonly status: Awaited<ReturnType<Acceptor["accept"]>> }
  | { readonly status: "failed"; readonly code: string };

export interface MessageStore {
  /** Never rejects, never takes longer than the deadline. Accepting is idempotent, so trying again is safe. */
  store(message: InboundMessage, deadline: AckDeadline): Promise<StoreResult>;
}

export function createMessageStore(deps: {
  acceptor: Pick<Acceptor, "accept">;
  clock: Clock;
  retryEveryMs: number;
}): MessageStore {
  return {
    async store(message, deadline) {
      const stored = await withinDeadline(() => deps.acceptor.accept(message), deadline, deps);
      return stored.status === "failed" ? stored : { status: stored.value };
    },
  };
}
