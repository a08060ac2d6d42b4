import type { AgentCallbackOutcome, CallbackOutcome, HandshakeOutcome } from "./outcome.ts";

/** One finished request. The log is written from it, and so is every counter. */
export type Observation =
  | { readonly request: "callback"; readonly outcome: CallbackOutcome; readonly durationMs: number }
  | { readonly request: "handshake"; readonly outcome: HandshakeOutcome; readonly durationMs: number }
  | {
      readonly request: "agent_callback";
      readonly outcome: AgentCallbackOutcome;
      readonly durationMs: number;
    };

export type ObserveOutcome = (observation: Observation) => void;

/** The code that tells outcomes of one kind apart, where there is one. */
export function outcomeCode(outcome: Observation["outcome"]): string | undefined {
  if (outcome.kind === "ignored") return outcome.reason;
  return "code" in outcome ? outcome.code : undefined;
}

/**
 * A fault of ours is not WeCom's to hear about: the message is pushed again, perhaps to a healthy replica.
 * Of the error only its kind and place are kept; its text may hold content.
 */
export function unexpectedFailure(error: unknown): CallbackOutcome {
  if (!(error instanceof Error))
    return { kind: "not_stored", code: "unexpected_error", detail: typeof error };
  const place = /^\s+at .*$/m.exec(error.stack ?? "")?.[0].trim() ?? "";
  return { kind: "not_stored", code: "unexpected_error", detail: `${error.name} ${place}`.trim() };
}
