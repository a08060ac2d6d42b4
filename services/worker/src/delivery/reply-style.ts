import type { WorkerApp } from "../apps.ts";
import { markRoomBytes } from "./mark-body.ts";
import type { ReplyStyle } from "./plan-reply.ts";
import { DEFAULT_REPLY_OPTIONS } from "./reply-options.ts";

/** How what the app's agent wrote is turned into messages. */
export function replyStyle({
  texts,
  replies = DEFAULT_REPLY_OPTIONS,
}: Pick<WorkerApp, "texts" | "replies">): ReplyStyle {
  const { format, number } = replies;
  return { format, number, reserveBytes: markRoomBytes(texts, replies) };
}
