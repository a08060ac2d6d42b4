import type { StoredReply, TimelineEvent } from "@gateway/conversation";
import type { Tracer } from "@gateway/service-kit";

/** Tells of one send that has ended. */
export type TraceSend = (
  send: Extract<TimelineEvent, { type: "send" }>,
  reply: Pick<StoredReply, "traceparent" | "messageIds">,
  startedAtMs: number,
) => void;

/** A span for each send of a part, below the turn or the command that planned its reply. */
export function createSendTrace(tracer: Tracer | undefined): TraceSend | undefined {
  if (tracer === undefined) return undefined;
  return (send, { traceparent, messageIds }, startedAtMs) => {
    // Sent by the API, or planned before tracing was switched on.
    if (traceparent === undefined) return;
    const { replyId, kind, part, parts, attempt, outcome, code } = send;
    const span = tracer.start("send", {
      kind: "client",
      parent: traceparent,
      startedAtMs,
      attributes: {
        "gateway.message.id": messageIds[0],
        "gateway.reply.id": replyId,
        "gateway.reply.kind": kind,
        "gateway.part": part,
        "gateway.parts": parts,
        "gateway.attempt": attempt,
        "gateway.outcome": outcome,
        "gateway.code": code,
      },
    });
    span.end(outcome === "sent" ? undefined : (code ?? outcome));
  };
}
