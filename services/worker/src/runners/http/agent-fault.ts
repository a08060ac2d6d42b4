import type { RunFailureCode, TurnResult } from "../runner.ts";

/** Why a run has failed; `detail` has neither content nor addresses. */
export class AgentFault extends Error {
  override readonly name = "AgentFault";
  readonly code: RunFailureCode;
  /** The agent has not been given the message. */
  readonly retryable: boolean;
  constructor(code: RunFailureCode, detail: string, { retryable = false } = {}) {
    super(detail);
    this.code = code;
    this.retryable = retryable;
  }

  get result(): TurnResult {
    return { status: "failed", code: this.code, retryable: this.retryable, detail: this.message };
  }
}
