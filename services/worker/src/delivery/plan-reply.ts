import { createHash } from "node:crypto";
import type { ConversationRef, ReplyKind, ReplyPlan } from "@gateway/conversation";
import { conversationId } from "@gateway/conversation";
import { chunkText, TEXT_LIMIT_BYTES } from "./chunk.ts";
import { cleanText } from "./clean-text.ts";
import { chunkReply } from "./format/chunk-reply.ts";
import type { ReplyFormat } from "./format/format-reply.ts";
import { formatReply } from "./format/format-reply.ts";

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
  /** For an agent's Markdown. Without it the text is the gateway's own and goes out as it is. */
  readonly style?: ReplyStyle;
}

export interface ReplyStyle {
  readonly format: ReplyFormat;
  readonly number: boolean;
  /** Room to leave in every chunk for a mark that it may need later. */
  readonly reserveBytes: number;
}

/** Turns a reply into the exact bytes to post. Pure: planning the same reply twice gives the same plan. */
export function planReply(input: ReplyInput): ReplyPlan {
  const interval = RESEND_WINDOW_SECONDS + (hashNumber(input.id) % INTERVAL_SPREAD_SECONDS);
  const { msgtype, contents } = contentsOf(input);
  const chunks = contents.map((content, index) =>
    JSON.stringify({
      touser: input.conversation.userId,
      msgtype,
      agentid: Number(input.conversation.agentId),
      [msgtype]: { content },
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

function contentsOf({ text, style }: ReplyInput): {
  msgtype: "text" | "markdown";
  contents: readonly string[];
} {
  if (style === undefined) return { msgtype: "text", contents: chunkText(cleanText(text), TEXT_LIMIT_BYTES) };
  const formatted = formatReply(text, style.format);
  const limitBytes = TEXT_LIMIT_BYTES - style.reserveBytes;
  return {
    msgtype: formatted.msgtype,
    contents: chunkReply(formatted, { limitBytes, number: style.number }),
  };
}

function hashNumber(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE(0);
}
