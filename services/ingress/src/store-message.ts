import type { Acceptor, InboundMessage } from "@gateway/conversation";
import type { Clock } from "./clock.ts";

/** Moments on the monotonic clock, in milliseconds. */
export interface AckDeadline {
  /** No attempt to store starts after this. */
  readonly lastAttemptAtMs: number;
  /** A running attempt is waited for until here; then the connection is closed. */
  readonly cutAtMs: number;
}

export type StoreResult =
  | { readonly status: "accepted" | "duplicate" }
  | { readonly status: "failed"; readonly code: string };

export interface MessageStore {
  /** Never rejects, never takes longer than the deadline. */
  store(message: InboundMessage, deadline: AckDeadline): Promise<StoreResult>;
}

/**
 * Short trouble with Redis is bridged here rather than by WeCom's next push. Trying again is safe: accepting
 * is idempotent, and a time-out says nothing about whether Redis has the message.
 */
export function createMessageStore(deps: {
  acceptor: Pick<Acceptor, "accept">;
  clock: Clock;
  retryEveryMs: number;
}): MessageStore {
  const { acceptor, clock, retryEveryMs } = deps;
  return {
    async store(message, deadline) {
      for (;;) {
        const attempt = await within(clock, deadline.cutAtMs, acceptor.accept(message));
        if (attempt.status !== "failed") return attempt;
        if (clock.monotonic() + retryEveryMs > deadline.lastAttemptAtMs) return attempt;
        await clock.sleep(retryEveryMs);
      }
    },
  };
}

async function within(
  clock: Clock,
  untilMs: number,
  accepting: Promise<"accepted" | "duplicate">,
): Promise<StoreResult> {
  const timer = new AbortController();
  const attempt = accepting.then(
    (status): StoreResult => ({ status }),
    (error: unknown): StoreResult => ({ status: "failed", code: failureCode(error) }),
  );
  const timeout = clock
    .sleep(untilMs - clock.monotonic(), timer.signal)
    .then((): StoreResult => ({ status: "failed", code: "store_timeout" }));
  const result = await Promise.race([attempt, timeout]);
  timer.abort();
  return result;
}

/** A word for the log. Redis errors carry the command and with it the message: their text is never used. */
function failureCode(error: unknown): string {
  if (!(error instanceof Error)) return "store_failed";
  if ("code" in error && typeof error.code === "string") return error.code;
  if (error.message === "Command timed out") return "store_timeout";
  if (/^(Stream isn't writeable|Connection is closed)/.test(error.message)) return "store_not_connected";
  return /^[A-Z]{3,}(?= )/.exec(error.message)?.[0] ?? error.name;
}
