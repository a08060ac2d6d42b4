import type { Clock } from "./clock.ts";

/** Moments on the monotonic clock, in milliseconds. */
export interface AckDeadline {
  /** No attempt starts after this. */
  readonly lastAttemptAtMs: number;
  /** A running attempt is waited for until here; then the connection is closed. */
  readonly cutAtMs: number;
}

export type Attempted<Value> =
  | { readonly status: "done"; readonly value: Value }
  | { readonly status: "failed"; readonly code: string };

/**
 * Asks Redis, again and again while the deadline allows. Short trouble is bridged here rather than by WeCom's
 * next push, so whatever is attempted must be safe to repeat: a time-out says nothing about what Redis has done.
 * Never rejects, never takes longer than the deadline.
 */
export async function withinDeadline<Value>(
  attempt: () => Promise<Value>,
  deadline: AckDeadline,
  deps: { clock: Clock; retryEveryMs: number },
): Promise<Attempted<Value>> {
  const { clock, retryEveryMs } = deps;
  for (;;) {
    const result = await cutAt(deadline.cutAtMs, attempt, clock);
    if (result.status === "done") return result;
    if (clock.monotonic() + retryEveryMs > deadline.lastAttemptAtMs) return result;
    await clock.sleep(retryEveryMs);
  }
}

function cutAt<Value>(
  untilMs: number,
  attempt: () => Promise<Value>,
  clock: Clock,
): Promise<Attempted<Value>> {
  return new Promise((resolve) => {
    const giveUp = () => resolve({ status: "failed", code: "store_timeout" });
    const cancel = clock.after(untilMs - clock.monotonic(), giveUp);
    const settle = (result: Attempted<Value>) => {
      cancel();
      resolve(result);
    };
    attempt().then(
      (value) => settle({ status: "done", value }),
      (error: unknown) => settle({ status: "failed", code: failureCode(error) }),
    );
  });
}

/** A word for the log. Redis errors carry the command and with it the message: their text is never used. */
function failureCode(error: unknown): string {
  if (!(error instanceof Error)) return "store_failed";
  if ("code" in error && typeof error.code === "string") return error.code;
  if (error.message === "Command timed out") return "store_timeout";
  if (/^(Stream isn't writeable|Connection is closed|Redis is not connected)/.test(error.message))
    return "store_not_connected";
  return /^[A-Z]{3,}(?= )/.exec(error.message)?.[0] ?? error.name;
}
