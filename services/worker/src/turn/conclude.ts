import { isBlank } from "@gateway/message-text";
import type { RunFailureCode, TurnResult } from "../runners/runner.ts";
import type { RunEnd } from "./run-agent.ts";

/** What a run's end means for its turn. */
export type Ending =
  | "shutdown"
  | "lost"
  | { readonly status: "stopped" }
  | Extract<TurnResult, { status: "done" }>
  | {
      readonly status: "failed";
      readonly code: RunFailureCode;
      readonly retryable: boolean;
      readonly detail: string;
    };

/** An answer that is there counts, even if somebody asked for the stop a moment before. */
export function conclude({ result, stopped }: RunEnd): Ending {
  if (stopped === "lost") return "lost";
  if (result.status === "done") {
    // Nobody would see it: an agent that says nothing has failed, and the person is told so.
    const { files = [], messages = [] } = result;
    return isBlank(result.text) && files.length === 0 && messages.length === 0
      ? failure("empty", "The agent answered nothing.")
      : result;
  }
  if (stopped === "shutdown") return "shutdown";
  if (stopped === "idle") return failure("idle", "The run gave no sign of life and was stopped.");
  if (stopped !== undefined) return { status: "stopped" };
  if (result.status === "cancelled" && result.denied === true) return { status: "stopped" };
  if (result.status === "failed") return result;
  return failure("internal", "The runner ended the run without being told to.");
}

function failure(code: RunFailureCode, detail: string): Ending {
  return { status: "failed", code, retryable: false, detail };
}
