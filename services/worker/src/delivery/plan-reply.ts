import { createHash } from "node:crypto";
import type { ConversationRef, ReplyKind, ReplyPlan } from "@gateway/conversation";
import { conversationId } from "@gateway/conversation";
import { chunkText, TEXT_LIMIT_BYTES } from "./chunk.ts";
import { cleanText } from "./clean-text.ts";

/**
 * WeCom suppresses a request that equals one of the last `duplicate_check_interval` seconds (WeCom doc 90236;
 * 1800 by default, at most 14400). A chunk sent again after an unknown outcome must be byte-identical to be
 * recognised, and two honest equal answers must differ. The interval itself is part of the request, so it
 * differs from reply to reply and never goes below the window in which a chunk may be sent again.
 */
export const RESEND_WINDOW_SECONDS = 1800;
const INTERVAL_SPREAD_SECONDS = 14_400 - RESEND_WINDOW_SECONDS;

export interface ReplyInput {
  readonly id: string;
  readonly kind: ReplyKind;
  readonly conversation: ConversationRef;
  readonly messageIds: readonly string[];
  readonly text: string;
  readonly createdAtMs: number;
}

/** Turns a reply into the exact bytes to post. Pure: planning the same reply twice gives the same plan. */
export function planReply(input: ReplyInput): ReplyPlan {
  const interval = RESEND_WINDOW_SECONDS + (hashNumber(input.id) % INTERVAL_SPREAD_SECONDS);
  const chunks = chunkText(cleanText(input.text), TEXT_LIMIT_BYTES).map((content, index) =>
    JSON.stringify({
      touser: input.conversation.userId,
      msgtype: "text",
      agentid: Number(input.conversation.agentId),
      text: { content },
      enable_duplicate_check: 1,
      // Neighbours may be equal too (a line repeated for pages), so the place in the reply counts as well.
      duplicate_check_interval:
        RESEND_WINDOW_SECONDS + ((interval - RESEND_WINDOW_SECONDS + index) % INTERVAL_SPREAD_SECONDS),
    }),
  );
  return {
    id: input.id,
    kind: input.kind,
    conversation: conversationId(input.conversation),
    messageIds: input.messageIds,
    createdAtMs: input.createdAtMs,
    chunks,
  };
}

function hashNumber(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE(0);
}
