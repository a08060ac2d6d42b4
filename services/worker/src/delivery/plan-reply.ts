import type { ConversationRef, ReplyKind, ReplyPlan } from "@gateway/conversation";
import { conversationId, duplicateCheckSeconds } from "@gateway/conversation";
import type { PlannedFile } from "../media/out/prepare-files.ts";
import { chunkText, TEXT_LIMIT_BYTES } from "./chunk.ts";
import { cleanText } from "./clean-text.ts";
import { chunkReply } from "./format/chunk-reply.ts";
import type { ReplyFormat } from "./format/format-reply.ts";
import { formatReply } from "./format/format-reply.ts";
import { mediaBody } from "./media-chunk.ts";

export interface ReplyInput {
  readonly id: string;
  readonly kind: ReplyKind;
  readonly conversation: ConversationRef;
  readonly messageIds: readonly string[];
  readonly text: string;
  readonly createdAtMs: number;
  /** Sent behind the text, each as a chunk of its own. */
  readonly files?: readonly PlannedFile[];
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
  const { msgtype, contents } = contentsOf(input);
  const { files = [] } = input;
  const bodies = [
    ...contents.map((content) => ({ msgtype, body: { content } })),
    ...files.map(({ media, mediaId }) => ({ msgtype: media.type, body: mediaBody(mediaId) })),
  ];
  const chunks = bodies.map(({ msgtype: type, body }, index) =>
    JSON.stringify({
      touser: input.conversation.userId,
      msgtype: type,
      agentid: Number(input.conversation.agentId),
      [type]: body,
      enable_duplicate_check: 1,
      duplicate_check_interval: duplicateCheckSeconds(input.id, index),
    }),
  );
  return {
    id: input.id,
    kind: input.kind,
    conversation: conversationId(input.conversation),
    messageIds: input.messageIds,
    createdAtMs: input.createdAtMs,
    chunks,
    media: Object.fromEntries(files.map(({ media }, index) => [contents.length + index, media])),
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
