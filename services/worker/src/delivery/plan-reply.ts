import type { ConversationRef, ReplyKind, ReplyPlan } from "@gateway/conversation";
import { conversationId, duplicateCheckSeconds } from "@gateway/conversation";
import type { ReplyFormat } from "@gateway/message-text";
import { chunkReply, chunkText, cleanText, formatReply, TEXT_LIMIT_BYTES } from "@gateway/message-text";
import type { MessageBody } from "@gateway/wecom-client";
import { encodeJson } from "@gateway/wecom-client";
import type { PlannedFile } from "../media/out/prepare-files.ts";
import { mediaBody } from "./media-chunk.ts";

export interface ReplyInput {
  readonly id: string;
  readonly kind: ReplyKind;
  readonly conversation: ConversationRef;
  readonly messageIds: readonly string[];
  readonly text: string;
  readonly createdAtMs: number;
  /** Behind the text, each as a chunk of its own; checked already. */
  readonly messages?: readonly PlannedMessage[];
  /** Behind those, each as a chunk of its own. */
  readonly files?: readonly PlannedFile[];
  /** For an agent's Markdown. Without it the text is the gateway's own and goes out as it is. */
  readonly style?: ReplyStyle;
}

/** A message of another kind than text, as WeCom documents it. */
export interface PlannedMessage {
  readonly body: MessageBody;
  /** The text to send instead if WeCom refuses it: one chunk's. */
  readonly fallback?: string;
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
  const { messages = [], files = [] } = input;
  const bodies = [
    ...contents.map((content) => ({ msgtype, [msgtype]: { content } })),
    ...messages.map(({ body }) => body),
    ...files.map(({ media: { type }, mediaId }) => ({ msgtype: type, [type]: mediaBody(mediaId) })),
  ];
  const encode = (body: object, index: number) =>
    encodeJson({
      touser: input.conversation.userId,
      agentid: Number(input.conversation.agentId),
      ...body,
      enable_duplicate_check: 1,
      duplicate_check_interval: duplicateCheckSeconds(input.id, index),
    });
  const fallbacks = messages.flatMap(({ fallback }, at) => {
    const index = contents.length + at;
    const content = fallback === undefined ? undefined : ownText(fallback)[0];
    return content === undefined ? [] : [[index, encode({ msgtype: "text", text: { content } }, index)]];
  });
  const firstFile = contents.length + messages.length;
  return {
    id: input.id,
    kind: input.kind,
    conversation: conversationId(input.conversation),
    messageIds: input.messageIds,
    createdAtMs: input.createdAtMs,
    chunks: bodies.map(encode),
    media: Object.fromEntries(files.map(({ media }, index) => [firstFile + index, media])),
    fallbacks: Object.fromEntries(fallbacks),
  };
}

function contentsOf({ text, style }: ReplyInput): {
  msgtype: "text" | "markdown";
  contents: readonly string[];
} {
  if (style === undefined) return { msgtype: "text", contents: ownText(text) };
  const formatted = formatReply(text, style.format);
  const limitBytes = TEXT_LIMIT_BYTES - style.reserveBytes;
  return {
    msgtype: formatted.msgtype,
    contents: chunkReply(formatted, { limitBytes, number: style.number }),
  };
}

/** What the gateway itself says. */
function ownText(text: string): string[] {
  return chunkText(cleanText(text), TEXT_LIMIT_BYTES);
}
