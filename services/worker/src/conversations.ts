import type { ConversationRef } from "@gateway/conversation";
import { parseConversationId } from "@gateway/conversation";

/** Separates a person from a background task of theirs. No WeCom user id contains it. */
const BACKGROUND_MARK = "\u0000bg-";

/** A conversation of the person's own with the same app, running beside the main one. */
export function backgroundOf(ref: ConversationRef, name: string): ConversationRef {
  return { ...ref, userId: `${ref.userId}${BACKGROUND_MARK}${name}` };
}

/** Whom a conversation's replies go to. */
export function personOf(ref: ConversationRef): ConversationRef {
  const [userId = ""] = ref.userId.split(BACKGROUND_MARK, 1);
  return { ...ref, userId };
}

/** The background task's name, when it is one. */
export function backgroundName(ref: ConversationRef): string | undefined {
  return ref.userId.split(BACKGROUND_MARK)[1];
}

/** Whose share of a worker a conversation takes: corp:agent. */
export function appOfConversation(conversation: string): string {
  const { corpId, agentId } = parseConversationId(conversation);
  return `${corpId}:${agentId}`;
}
