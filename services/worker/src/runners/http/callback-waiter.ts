import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import type { AgentCallbacks, Keys } from "@gateway/conversation";
import type { Redis } from "ioredis";

/** A signal may be missed (a reconnect): whoever waits looks this often in any case. */
const POLL_EVERY_MS = 5000;

export interface CallbackWaiter extends Omit<AgentCallbacks, "conversationOf" | "deliver"> {
  /** Resolves when something may have come for the conversation, or after a while. Never rejects. */
  wait(conversation: string, signal: AbortSignal): Promise<void>;
}

/** `subscriber` hears of callbacks at once; without it they are noticed a few seconds later. */
export function createCallbackWaiter(deps: {
  callbacks: AgentCallbacks;
  subscriber: Redis | undefined;
  keys: Keys;
}): CallbackWaiter {
  const { newToken, open, read, close } = deps.callbacks;
  const heard = new EventTarget();
  deps.subscriber?.subscribe(deps.keys.signals).catch(() => undefined);
  deps.subscriber?.on("message", (channel, conversation) => {
    if (channel === deps.keys.signals) heard.dispatchEvent(new Event(conversation));
  });
  return {
    ...{ newToken, open, read, close },
    async wait(conversation, signal) {
      const enough = new AbortController();
      const end = () => enough.abort();
      // Not AbortSignal.any: of each, something would stay with the run's signal (Node 20), and a run waits often.
      signal.addEventListener("abort", end);
      if (signal.aborted) end();
      const until = { signal: enough.signal };
      const waits = [once(heard, conversation, until), delay(POLL_EVERY_MS, undefined, until)];
      await Promise.race(waits).catch(() => undefined);
      end();
      signal.removeEventListener("abort", end);
      await Promise.allSettled(waits);
    },
  };
}
