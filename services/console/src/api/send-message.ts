import type { Outbox, ReplyPlan, Timelines } from "@gateway/conversation";
import { conversationId, duplicateCheckSeconds, turnIdOf, wakeConversation } from "@gateway/conversation";
import { chunkReply, cleanText, TEXT_LIMIT_BYTES } from "@gateway/message-text";
import type { MessageBody } from "@gateway/wecom-client";
import { encodeAppChatMessage, encodeMessage, WecomError } from "@gateway/wecom-client";
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

/**
 * The final requests for each target, checked as far as WeCom's documents say what it takes. A text that is longer than a
 * message becomes several. @throws ApiError 422.
 */
export function planMessage(
  id: string,
  { app, targets }: FoundRecipient,
  draft: SendRequest["message"],
  createdAtMs: number,
): ReplyPlan[] {
  try {
    const bodies = split(draft);
    return targets.map(({ to, conversation }, index) => {
      const replyId = index === 0 ? turnIdOf(id) : `${turnIdOf(id)}-${index + 1}`;
      const chunks = bodies.map((body, part) =>
        "chat" in to
          ? encodeAppChatMessage(app, to.chat, body)
          : encodeMessage(app, { to, ...body, duplicateCheckSeconds: duplicateCheckSeconds(replyId, part) }),
      );
      const about = { id: replyId, conversation: conversationId(conversation), messageIds: [id] };
      return { ...about, kind: "system", createdAtMs, chunks };
    });
  } catch (error) {
    if (!(error instanceof WecomError)) throw error;
    throw new ApiError(422, error.code, `${error.summary}. ${error.hint}`);
  }
}

/** What fits goes out as it is. */
function split(draft: SendRequest["message"]): MessageBody[] {
  const content =
    draft.msgtype === "text"
      ? draft.text.content
      : draft.msgtype === "markdown"
        ? draft.markdown.content
        : "";
  if (Buffer.byteLength(content) <= TEXT_LIMIT_BYTES) return [draft];
  const { msgtype } = draft;
  if (msgtype !== "text" && msgtype !== "markdown") return [draft];
  const parts = chunkReply({ msgtype, content: cleanText(content) }, { limitBytes: TEXT_LIMIT_BYTES });
  // Nothing but blanks is refused as it stands.
  if (parts.length === 0) return [draft];
  return parts.map((part) =>
    msgtype === "text" ? { msgtype, text: { content: part } } : { msgtype, markdown: { content: part } },
  );
}

/** Puts the plans into their outboxes, where they are delivered like any reply. Repeating it changes nothing. */
export async function sendMessage(
  id: string,
  plans: readonly ReplyPlan[],
  about: { app: string; msgtype: string },
  deps: Deps,
): Promise<void> {
  const [first] = plans;
  if (first === undefined) return;
  if ((await deps.timelines.read(id)).events.length === 0) {
    const { conversation } = first;
    const { app, msgtype: kind } = about;
    await deps.timelines.append([id], { type: "requested", conversation, app, kind });
    for (const { id: replyId, kind: of, chunks } of plans)
      await deps.timelines.append([id], { type: "planned", replyId, kind: of, parts: chunks.length });
  }
  // The first comes last: that it is there says that all are.
  for (const plan of plans.toReversed()) {
    await deps.outbox.append(plan);
    await wakeConversation(deps.deliver, plan.conversation);
  }
}
