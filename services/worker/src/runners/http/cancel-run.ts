import type { CallbackWaiter } from "./callback-waiter.ts";
import type { Place } from "./request.ts";
import { requestAgent } from "./request.ts";
import type { RunState } from "./run-state.ts";

const TIMEOUT_MS = 5000;

/** Nobody waits for the answer any more: tells the agent, where it has said how, and takes no callback. Never rejects. */
export async function cancelRun(
  { apiKey }: Place,
  turnId: string,
  { token, cancelUrl }: Pick<RunState, "token" | "cancelUrl">,
  callbacks: Pick<CallbackWaiter, "close">,
): Promise<void> {
  const closed = callbacks.close(token).catch(() => undefined);
  if (cancelUrl !== undefined) {
    const place = { url: cancelUrl, ...(apiKey === undefined ? {} : { apiKey }) };
    const body = JSON.stringify({ version: 1, turnId });
    await requestAgent(place, { method: "POST", body, signal: AbortSignal.timeout(TIMEOUT_MS) }).then(
      (response) => response.destroy(),
      () => undefined,
    );
  }
  await closed;
}
