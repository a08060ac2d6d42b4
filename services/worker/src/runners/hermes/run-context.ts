import type { Logger } from "pino";
import type { RunFailureCode, Turn, TurnIO, TurnResult } from "../runner.ts";
import type { HermesApi } from "./api.ts";
import type { Judgement } from "./capabilities.ts";

export interface Timing {
  /** How long a Hermes that does not answer is asked again: it may be restarting. */
  readonly unreachableMs: number;
  /** How often the status is asked for; less often while events come in. */
  readonly pollMs: number;
  readonly pollWithEventsMs: number;
  /** How long one request may take. */
  readonly requestMs: number;
}

export const TIMING: Timing = {
  unreachableMs: 10 * 60_000,
  pollMs: 3000,
  pollWithEventsMs: 5000,
  requestMs: 30_000,
};

/** What a turn needs of the runner around it. */
export interface RunContext {
  readonly turn: Turn;
  readonly io: TurnIO;
  readonly api: HermesApi;
  readonly capabilities: (signal?: AbortSignal) => Promise<Judgement>;
  readonly instructions: string;
  /** Hermes can open the files that people sent, and sends its own. */
  readonly sharesDisk: boolean;
  /** How long one run may take, waiting for a place and for the person not counted. */
  readonly timeoutMs: number;
  readonly timing: Timing;
  readonly logger: Pick<Logger, "info" | "warn">;
  readonly now: () => number;
}

export function failure(code: RunFailureCode, detail: string, retryable = false): TurnResult {
  return { status: "failed", code, retryable, detail };
}
