import type { ChunkMark, StoredChunk, StoredReply } from "@gateway/conversation";
import { RESEND_WINDOW_SECONDS } from "@gateway/conversation";
import type { ReplyOptions } from "./reply-options.ts";

/** The duplicate check counts from WeCom's clock; a minute is left for the difference to ours. */
const RESEND_WINDOW_MS = (RESEND_WINDOW_SECONDS - 60) * 1000;
/** An answer that could not be sent for this long may be no answer any more. */
const REPLY_MAX_AGE_MS = 24 * 3600 * 1000;

export interface Failure {
  readonly state: "failed" | "unknown";
  readonly code: string;
  /** For the operator who finds the dead letter. */
  readonly reason: string;
}

export interface SendPolicy extends Pick<ReplyOptions, "unknownOutcome" | "late"> {
  /** How long WeCom recognises the identical bytes. Default: what the plan asks of message/send, less a minute. */
  readonly resendWindowMs?: number;
}

/** What is to be done with a chunk now. */
export type Step =
  | { readonly do: "skip" }
  | { readonly do: "send" }
  /** Send it with a mark before its text, or fail it where there is no text to mark. */
  | { readonly do: "mark"; readonly mark: ChunkMark; readonly otherwise: Failure }
  | { readonly do: "fail"; readonly failure: Failure };

/** Decides from what is stored. `isLateTold`: a part of this reply already says that it comes late. */
export function chooseStep(
  reply: Pick<StoredReply, "kind" | "createdAtMs" | "chunks">,
  chunk: StoredChunk,
  nowMs: number,
  policy: SendPolicy,
  isLateTold: boolean,
): Step {
  switch (chunk.state) {
    case "sent":
      return { do: "skip" };
    case "failed":
    case "unknown":
      return { do: "fail", failure: settledFailure(chunk, chunk.state) };
    case "sending":
      // The identical bytes may be sent again, however late it is: it may well have arrived in time.
      if (nowMs - (chunk.firstSentAtMs ?? 0) < (policy.resendWindowMs ?? RESEND_WINDOW_MS))
        return { do: "send" };
      return policy.unknownOutcome === "resend-marked" && chunk.mark !== "duplicate"
        ? { do: "mark", mark: "duplicate", otherwise: OUTCOME_UNKNOWN }
        : { do: "fail", failure: OUTCOME_UNKNOWN };
    case "pending": {
      if (nowMs - reply.createdAtMs <= REPLY_MAX_AGE_MS) return { do: "send" };
      const failure = chunk.mark === "duplicate" ? OUTCOME_UNKNOWN : tooLate(reply, chunk);
      // News of a run that is long over is of no use to anybody.
      if (policy.late === "dead-letter" || reply.kind === "notice") return { do: "fail", failure };
      return isLateTold ? { do: "send" } : { do: "mark", mark: "late", otherwise: failure };
    }
    default:
      return chunk.state satisfies never;
  }
}

const OUTCOME_UNKNOWN: Failure = {
  state: "unknown",
  code: "outcome_unknown",
  reason:
    "It is not known whether this part was delivered, and WeCom no longer recognises a second sending. Check with the person, then replay or drop it.",
};

function tooLate(reply: Pick<StoredReply, "chunks">, chunk: StoredChunk): Failure {
  const sent = reply.chunks.filter(({ state }) => state === "sent").length;
  const parts = sent === 0 ? "" : ` ${sent} of its ${reply.chunks.length} parts were delivered.`;
  const last = chunk.result === undefined ? "" : ` The latest error was ${chunk.result}.`;
  return {
    state: "failed",
    code: "too_late",
    reason: `The reply could not be sent for a day.${parts}${last} Replay it if it is still of use.`,
  };
}

/** Failed before, and the worker died before the reply was set aside. */
function settledFailure(chunk: StoredChunk, state: "failed" | "unknown"): Failure {
  const code = chunk.result ?? state;
  const reason =
    state === "unknown" ? OUTCOME_UNKNOWN.reason : `A part of this reply failed earlier (${code}).`;
  return { state, code, reason };
}
