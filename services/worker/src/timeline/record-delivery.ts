import type { Outbox, StoredReply } from "@gateway/conversation";
import type { SendingApp } from "../delivery/deliver-reply.ts";
import type { SendOutcome } from "../delivery/send-outcome.ts";
import { outcomeOfError, outcomeOfResult } from "../delivery/send-outcome.ts";
import type { CardDeps } from "../delivery/update-cards.ts";
import type { TraceSend } from "../tracing/trace-send.ts";
import type { RecordEvent } from "./recorder.ts";

const WORDS = { sent: "sent", refused: "refused", retry: "not_sent", unknown: "unknown" } as const;

interface DeliveryParts {
  readonly outbox: Outbox;
  readonly app: SendingApp | undefined;
  readonly recall: ((msgId: string) => Promise<void>) | undefined;
  readonly updateCard: CardDeps["updateCard"];
}

/**
 * The outbox and the sending of one delivery, unchanged but for writing down what they are asked to do. A delivery
 * sends one part after the other, so a send belongs to the part that was begun last.
 */
export function recordDelivery(
  parts: DeliveryParts,
  record: RecordEvent,
  now: () => number,
  traceSend?: TraceSend,
): DeliveryParts {
  const { outbox, app } = parts;
  let reply: StoredReply | undefined;
  let part = 0;

  const recordSend = (startedAtMs: number, outcome: SendOutcome) => {
    if (reply === undefined) return;
    const { id: replyId, kind, chunks, messageIds } = reply;
    const attempt = (chunks[part]?.attempts ?? 0) + 1;
    const place = { replyId, kind, part, parts: chunks.length, attempt };
    const code = outcome.kind === "sent" ? {} : { code: outcome.code };
    const ms = now() - startedAtMs;
    const event = { type: "send", ...place, outcome: WORDS[outcome.kind], ...code, ms } as const;
    record(messageIds, event);
    traceSend?.(event, reply, startedAtMs);
  };
  const send = async ({ send: sendNow }: SendingApp, body: string) => {
    const startedAtMs = now();
    try {
      const result = await sendNow(body);
      recordSend(startedAtMs, outcomeOfResult(result));
      return result;
    } catch (error) {
      recordSend(startedAtMs, outcomeOfError(error, 1));
      throw error;
    }
  };
  const enter = async ({ gate }: SendingApp, kind: Parameters<SendingApp["gate"]["enter"]>[0]) => {
    const admission = await gate.enter(kind);
    if (!admission.ok && reply !== undefined)
      record(reply.messageIds, { type: "held", why: admission.why, replyId: reply.id, kind });
    return admission;
  };

  const noted = <Input>(
    type: "recalled" | "card_updated",
    call: ((input: Input) => Promise<void>) | undefined,
  ) =>
    call &&
    (async (input: Input) => {
      const messageIds = reply?.messageIds ?? [];
      try {
        await call(input);
        record(messageIds, { type, ok: true });
      } catch (error) {
        record(messageIds, { type, ok: false });
        throw error;
      }
    });

  return {
    outbox: {
      ...outbox,
      async head(conversation, fence) {
        const head = await outbox.head(conversation, fence);
        reply = head.status === "reply" ? head.reply : undefined;
        return head;
      },
      async beginChunk(replyId, index, fence) {
        part = index;
        return outbox.beginChunk(replyId, index, fence);
      },
      async finish(conversation, replyId, fence, status) {
        const finished = await outbox.finish(conversation, replyId, fence, status);
        if (finished && reply?.id === replyId)
          record(reply.messageIds, { type: "finished", replyId, kind: reply.kind, status });
        return finished;
      },
    },
    app: app && {
      ...app,
      send: (body) => send(app, body),
      gate: { enter: (kind) => enter(app, kind) },
    },
    recall: noted("recalled", parts.recall),
    updateCard: noted("card_updated", parts.updateCard),
  };
}
