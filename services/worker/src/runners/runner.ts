import type { ConversationRef, InboundMessage } from "@gateway/conversation";

/** What executes an agent. One per app configuration, shared by all of that app's conversations. */
export interface AgentRunner {
  readonly kind: string;
  /** Start-up check. `problem` says in words what is wrong and what to do. */
  probe(): Promise<{ readonly ok: true } | { readonly ok: false; readonly problem: string }>;
  /** Runs one turn. Never rejects for the agent's fault: that is a `failed` result. */
  run(turn: Turn, io: TurnIO): Promise<TurnResult>;
  /** Ends what is still running. No process stays behind. */
  shutdown(): Promise<void>;
}

export interface Turn {
  /** Stable over attempts: an idempotency key. */
  readonly id: string;
  /** 1 for the first run; more when an earlier one was cut off. */
  readonly attempt: number;
  readonly conversation: ConversationRef & { readonly id: string };
  readonly appName: string;
  readonly messages: readonly InboundMessage[];
  /** What the person wrote, as one text. */
  readonly text: string;
}

/** Why a run is told to stop; the `reason` of its AbortSignal. */
export type AbortReason = "user" | "shutdown" | "lost";

export interface TurnIO {
  readonly signal: AbortSignal;
  /** A sign of life, shown to the person in notices. Synchronous and droppable. */
  emit(event: AgentEvent): void;
}

export type AgentEvent = { readonly type: "progress"; readonly title: string };

export type RunFailureCode = "agent" | "empty" | "output" | "timeout" | "config";

export type TurnResult =
  | { readonly status: "done"; readonly text: string }
  | { readonly status: "cancelled" }
  | {
      readonly status: "failed";
      readonly code: RunFailureCode;
      /** Running again may help and cannot do harm. */
      readonly retryable: boolean;
      /** For the log and the dead letter: no message content, no secrets. */
      readonly detail: string;
    };
