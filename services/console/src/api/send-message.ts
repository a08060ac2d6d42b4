import type { Outbox, ReplyPlan, Timelines } from "@gateway/conversation";
import { conversationId, duplicateCheckSeconds, turnIdOf, wakeConversation } from "@gateway/conversation";
import { encodeMessage, WecomError } from "@gateway/wecom-client";
import type { Queue } from "bullmq";
import { ApiError } from "./api-error.ts";
import type { SendRequest } from "./api-schemas.ts";
import type { FoundRecipient } from "./find-recipient.ts";

interface Deps {
  readonly outbox: Pick<Outbox, "append">;
  readonly timelines: Pick<Timelines, "append" | "read">;
  readonly deliver: Queue;
  readonly now: () => number;
}

/** The final request, checked as far as WeCom's documents say what it takes. @throws ApiError 422. */
export function planMessage(
  id: string,
  { app, to, conversation }: FoundRecipient,
  message: SendRequest["message"],
  nowMs: number,
): ReplyPlan {
  const replyId = turnIdOf(id);
  try {
    const duplicates = duplicateCheckSeconds(replyId, 0);
    const body = encodeMessage(app, { to, ...message, duplicateCheckSeconds: duplicates });
    return {
      id: replyId,
      kind: "system",
      conversation: conversationId(conversation),
      messageIds: [id],
      createdAtMs: nowMs,
      chunks: [body],
    };
  } catch (error) {
    if (!(error instanceof WecomError)) throw error;
    throw new ApiError(422, error.code, `${error.summary}. ${error.hint}`);
  }
}

/** Puts the message into the outbox, where it is delivered like any reply. Repeating it changes nothing. */
export async function sendMessage(
  id: string,
  plan: ReplyPlan,
  about: { app: string; msgtype: string },
  deps: Deps,
): Promise<void> {
  if ((await deps.timelines.read(id)).events.length === 0) {
    const { conversation, kind, chunks } = plan;
    await deps.timelines.append([id], {
      type: "requested",
      conversation,
      app: about.app,
      kind: about.msgtype,
    });
    await deps.timelines.append([id], { type: "planned", replyId: plan.id, kind, parts: chunks.length });
  }
  await deps.outbox.append(plan);
  await wakeConversation(deps.deliver, plan.conversation);
}
