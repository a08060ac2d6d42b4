import { WECOM_LIMITS } from "../limits.ts";
import type { CallbackPolicy } from "../types.ts";

/** The pause between attempts is undocumented. */
const DEFAULT_CALLBACK_POLICY: CallbackPolicy = {
  timeoutMs: WECOM_LIMITS.callbackTimeoutMs,
  attempts: WECOM_LIMITS.callbackAttempts,
  retryDelayMs: 1000,
  nonOkRetry: "never",
  sameEnvelope: false,
};

type PolicyChange = { readonly [K in keyof CallbackPolicy]?: CallbackPolicy[K] | undefined };

/** The callback policy in force. */
export function createCallbackPolicy(given: Partial<CallbackPolicy>) {
  const initial: CallbackPolicy = { ...DEFAULT_CALLBACK_POLICY, ...given };
  let current = initial;
  return {
    get: () => current,
    change(change: PolicyChange): CallbackPolicy {
      current = {
        timeoutMs: change.timeoutMs ?? current.timeoutMs,
        attempts: change.attempts ?? current.attempts,
        retryDelayMs: change.retryDelayMs ?? current.retryDelayMs,
        nonOkRetry: change.nonOkRetry ?? current.nonOkRetry,
        sameEnvelope: change.sameEnvelope ?? current.sameEnvelope,
      };
      return current;
    },
    reset() {
      current = initial;
    },
  };
}
