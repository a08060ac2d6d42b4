import type { Keys } from "@gateway/conversation";
import type { Redis } from "ioredis";
import type { Logger } from "pino";

/** Publishing may be missed (a reconnect); every running turn looks at its state this often in any case. */
const POLL_EVERY_MS = 5000;

/** The turns that run in this process, and how they hear that something concerns them. */
export interface RunningTurns {
  /** `look` is called when the turn's state in Redis may have changed. Returns the way out. */
  enter(conversation: string, look: () => Promise<void>): () => void;
  count(): number;
  stop(): void;
}

/** `subscriber` is a connection of its own: a subscribed connection can do nothing else. */
export function createRunningTurns(deps: { subscriber: Redis; keys: Keys; logger: Logger }): RunningTurns {
  const running = new Map<string, () => Promise<void>>();
  const tell = (conversation: string) => {
    const look = running.get(conversation);
    look?.().catch((error: unknown) =>
      deps.logger.warn({ err: error }, "a running turn could not be looked after"),
    );
  };
  deps.subscriber.on("message", (_channel, conversation) => tell(conversation));
  deps.subscriber
    .subscribe(deps.keys.signals)
    .catch((error: unknown) => deps.logger.warn({ err: error }, "signals are polled until Redis answers"));
  const poll = setInterval(() => {
    for (const conversation of running.keys()) tell(conversation);
  }, POLL_EVERY_MS);
  return {
    enter(conversation, look) {
      running.set(conversation, look);
      return () => {
        // A run that has lost its job may end after the next one has begun.
        if (running.get(conversation) === look) running.delete(conversation);
      };
    },
    count: () => running.size,
    stop: () => clearInterval(poll),
  };
}
