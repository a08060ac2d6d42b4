import type { PushAttempt } from "@gateway/wecom-emulator";
import type { FaultStack } from "./fault-stack.ts";
import type { ScenarioViolation } from "./scenario.ts";

/** Our limit, and what a busy machine adds before the request is read and after the answer is written. */
const LATEST_ANSWER_MS = 4500 + 400;

export interface AcknowledgementOptions {
  /** Whose pushes. Default everybody's. */
  readonly people?: readonly string[];
  /**
   * An attempt to push meets a process that cannot do anything: it is answered late, or WeCom gives it up. Default none;
   * beside other tests it is any.
   */
  readonly mayBeLate?: (attempt: PushAttempt) => boolean;
}

/** How late something is tells there how busy the other tests are. `npm run faults` runs alone. */
export const isBesideOtherTests = () => process.env.JEST_WORKER_ID !== undefined;

/** A push is acknowledged in time or its connection is closed: there is no third way, and nothing comes later. */
export function checkAcknowledgements(
  { stack: { emulator } }: Pick<FaultStack, "stack">,
  { people, ...options }: AcknowledgementOptions = {},
): ScenarioViolation[] {
  const mayBeLate = (attempt: PushAttempt) => isBesideOtherTests() || (options.mayBeLate?.(attempt) ?? false);
  const pushes =
    people === undefined ? emulator.pushes() : people.flatMap((user) => emulator.pushes({ user }));
  return pushes.flatMap(({ userId, attempts }) =>
    attempts.flatMap((attempt): ScenarioViolation[] => {
      const { outcome, status, latencyMs } = attempt;
      // 408: it was not even read in time.
      if (outcome === "answered" && status !== 200 && !(status === 408 && mayBeLate(attempt)))
        return [{ rule: "answered-otherwise", conversation: userId, detail: `status ${status}` }];
      if (mayBeLate(attempt) || (outcome !== "timeout" && latencyMs <= LATEST_ANSWER_MS)) return [];
      return [{ rule: "late", conversation: userId, detail: `${outcome} after ${latencyMs} ms` }];
    }),
  );
}
