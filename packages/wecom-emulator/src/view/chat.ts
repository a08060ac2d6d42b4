import type { PushContent } from "../callback/push-content.ts";
import type { Receiver, SentMessage } from "../state/message-log.ts";
import type { PushRecord } from "../state/push-log.ts";
import type { World } from "../world.ts";
import type { Block } from "./markdown-blocks.ts";
import { markdownBlocks } from "./markdown-blocks.ts";
import type { ShownContent, ShownMedia } from "./shown-content.ts";
import type { Segment } from "./text-segments.ts";
import { textSegments } from "./text-segments.ts";
import type { TextcardLine } from "./textcard-lines.ts";
import { textcardLines } from "./textcard-lines.ts";

/** Content taken apart, so that a page only has to lay it out. */
export interface Layout {
  readonly segments?: readonly Segment[];
  readonly blocks?: readonly Block[];
  readonly lines?: readonly TextcardLine[];
}

/** Something that the member did. */
export interface MemberItem
  extends Pick<PushRecord, "id" | "seq" | "atMs" | "status" | "attempts" | "content"> {
  readonly side: "member";
  readonly msgId: string | undefined;
  readonly media: ShownMedia | undefined;
  readonly layout: Layout;
}

/** Something that the app sent. With a `status` other than delivered, or recalled, the member does not see it. */
export interface AppItem
  extends Pick<
    SentMessage,
    "seq" | "atMs" | "msgId" | "msgType" | "requestBytes" | "request" | "cuts" | "content"
  > {
  readonly side: "app";
  readonly status: Receiver["status"];
  readonly receivers: number;
  readonly invalidUsers: readonly string[];
  readonly fault: string | undefined;
  readonly recalledAtMs: number | undefined;
  /** The group that it went to, where it did not go to the member alone. */
  readonly chatName: string | undefined;
  readonly layout: Layout;
}

export type ChatItem = MemberItem | AppItem;

function layoutOf(content: ShownContent): Layout {
  if (content.kind === "text") return { segments: textSegments(content.text) };
  if (content.kind === "markdown") return { blocks: markdownBlocks(content.text) };
  if (content.kind === "textcard") return { lines: textcardLines(content.description) };
  return {};
}

function mediaOf(content: PushContent, world: World): ShownMedia | undefined {
  const media = "mediaId" in content ? world.media.peek(content.mediaId) : undefined;
  if (media === undefined) return undefined;
  const { mediaId, filename, contentType } = media;
  return { mediaId, filename, contentType, sizeBytes: media.content.length };
}

export function memberItem(push: PushRecord, world: World): MemberItem {
  const { id, seq, atMs, status, attempts, content, msgId } = push;
  const layout = content.type === "text" ? { segments: textSegments(content.content) } : {};
  return {
    side: "member",
    id,
    seq,
    atMs,
    status,
    attempts,
    content,
    msgId,
    media: mediaOf(content, world),
    layout,
  };
}

export function appItem(message: SentMessage, userId: string): AppItem {
  const user = userId.toLowerCase();
  const content = message.cardByUser.get(user) ?? message.content;
  const receiver = message.receivers.find((candidate) => candidate.userId.toLowerCase() === user);
  const { seq, atMs, msgId, msgType, requestBytes, request, cuts, invalidUsers, fault, recalledAtMs } =
    message;
  return {
    side: "app",
    seq,
    atMs,
    msgId,
    msgType,
    requestBytes,
    request,
    cuts,
    content,
    invalidUsers,
    fault,
    recalledAtMs,
    chatName: message.chatName,
    receivers: message.receivers.length,
    status: receiver?.status ?? "delivered",
    layout: layoutOf(content),
  };
}

/** The newest part of one member's chat with one app, oldest first. */
export function chatOf(world: World, input: { appName: string; userId: string; limit: number }): ChatItem[] {
  const { limit } = input;
  const pushes = world.pushes
    .list(input)
    .slice(-limit)
    .map((push) => memberItem(push, world));
  const messages = world.messages
    .list(input)
    .slice(-limit)
    .map((message) => appItem(message, input.userId));
  return [...pushes, ...messages].sort((left, right) => left.seq - right.seq).slice(-limit);
}
