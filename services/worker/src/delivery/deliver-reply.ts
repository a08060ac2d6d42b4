import type { Fence, Outbox, StoredChunk, StoredReply } from "@gateway/conversation";
import type { SendMessageResult } from "@gateway/wecom-client";
import type { Logger } from "pino";
import { backoffMs } from "../backoff.ts";
import { RESEND_WINDOW_SECONDS } from "./plan-reply.ts";
import type { SendOutcome } from "./send-outcome.ts";
import { outcomeOfError } from "./send-outcome.ts";

/** The duplicate check counts from WeCom's clock; a minute is left for the difference to ours. */
const RESEND_WINDOW_MS = (RESEND_WINDOW_SECONDS - 60) * 1000;
/** An answer that could not be sent for this long is no answer any more; an operator decides. */
const REPLY_MAX_AGE_MS = 24 * 3600 * 1000;

export type DeliveryResult =
  | { readonly status: "sent" }
  | { readonly status: "failed"; readonly code: string; readonly reason: string }
  | { readonly status: "postponed"; readonly afterMs: number }
  /** Our lock is gone; whoever has it goes on. */
  | { readonly status: "lost" };

export interface DeliveryDeps {
  readonly outbox: Outbox;
  /** Posts final request bytes through the app the message came from; undefined while that app is not configured. */
  readonly send: ((body: string) => Promise<SendMessageResult>) | undefined;
  readonly logger: Logger;
  readonly now: () => number;
}

/**
 * Carries out a plan from the first chunk that is not sent. A chunk is marked before its request leaves and
 * settled after; the next one waits for that. Nothing here can be reordered or skipped by a crash.
 */
export async function deliverReply(
  reply: StoredReply,
  fence: Fence,
  deps: DeliveryDeps,
): Promise<DeliveryResult> {
  for (const chunk of reply.chunks) {
    if (chunk.state === "sent") continue;
    if (chunk.state === "failed" || chunk.state === "unknown") {
      return { status: "failed", code: chunk.result ?? chunk.state, reason: reasonOf(chunk) };
    }
    const result = await deliverChunk(reply, chunk, fence, deps);
    if (result !== undefined) return result;
  }
  return { status: "sent" };
}

/** Undefined when the chunk is sent and the next one may follow. */
async function deliverChunk(
  reply: StoredReply,
  chunk: StoredChunk,
  fence: Fence,
  deps: DeliveryDeps,
): Promise<DeliveryResult | undefined> {
  const { outbox, now } = deps;
  const settle = (outcome: Parameters<Outbox["settleChunk"]>[3]) =>
    outbox.settleChunk(reply.id, chunk.index, fence, outcome);

  if (chunk.state === "sending" && now() - (chunk.firstSentAtMs ?? 0) > RESEND_WINDOW_MS) {
    const settled = await settle({ state: "unknown", code: "outcome_unknown" });
    return settled
      ? { status: "failed", code: "outcome_unknown", reason: UNKNOWN_REASON }
      : { status: "lost" };
  }
  if (now() - reply.createdAtMs > REPLY_MAX_AGE_MS) {
    const settled = await settle({ state: "failed", code: "too_late" });
    return settled ? { status: "failed", code: "too_late", reason: TOO_LATE_REASON } : { status: "lost" };
  }
  if (deps.send === undefined) return { status: "postponed", afterMs: backoffMs(6) };
  if ((await outbox.beginChunk(reply.id, chunk.index, fence)) !== "begun") return { status: "lost" };

  const startedAtMs = now();
  const outcome = await attempt(deps.send, chunk);
  const line = {
    replyId: reply.id,
    messageIds: reply.messageIds,
    chunk: chunk.index,
    of: reply.chunks.length,
  };
  deps.logger.info(
    { ...line, outcome: outcome.kind, code: codeOf(outcome), ms: now() - startedAtMs },
    "send",
  );

  switch (outcome.kind) {
    case "sent":
      await settle({ state: "sent", msgId: outcome.msgId });
      return undefined;
    case "retry": {
      // A chunk that was already under way before this try may have arrived then: it stays "sending".
      const certain = chunk.state === "pending";
      if (certain && !(await settle({ state: "pending", code: outcome.code }))) return { status: "lost" };
      return { status: "postponed", afterMs: outcome.afterMs };
    }
    case "unknown":
      return { status: "postponed", afterMs: backoffMs(chunk.attempts + 1) };
    case "refused": {
      const settled = await settle({ state: "failed", code: outcome.code });
      return settled ? { status: "failed", code: outcome.code, reason: outcome.reason } : { status: "lost" };
    }
    default:
      return outcome satisfies never;
  }
}

async function attempt(send: NonNullable<DeliveryDeps["send"]>, chunk: StoredChunk): Promise<SendOutcome> {
  try {
    const result = await send(chunk.body);
    // errcode 0 and an invalid receiver: WeCom took the request and delivered it to nobody.
    if (result.invalidUsers.length > 0) {
      return {
        kind: "refused",
        code: "invaliduser",
        reason: "WeCom says the person is not a valid receiver.",
      };
    }
    return { kind: "sent", msgId: result.msgId };
  } catch (error) {
    return outcomeOfError(error, chunk.attempts + 1);
  }
}

const UNKNOWN_REASON =
  "It is not known whether this part was delivered, and WeCom no longer recognises a second sending. Check with the person, then replay or drop it.";
const TOO_LATE_REASON = "The reply could not be sent for a day. Replay it if it is still of use.";

function reasonOf(chunk: StoredChunk): string {
  return chunk.state === "unknown"
    ? UNKNOWN_REASON
    : `A part of this reply failed earlier (${chunk.result ?? "?"}).`;
}

function codeOf(outcome: SendOutcome): string | undefined {
  return outcome.kind === "sent" ? undefined : outcome.code;
}
