import type { ReplyPlan } from "@gateway/conversation";
import { conversationId, parseConversationId } from "@gateway/conversation";
import { personOf } from "../conversations.ts";
import type { ActiveTurn } from "./turn-deps.ts";

/** A plan that says nothing: the notices of a run that was stopped go off the screen with it. */
export function takeBack(
  { id, conversation, messageIds }: ActiveTurn,
  notices: readonly string[],
  createdAtMs: number,
): ReplyPlan[] {
  if (notices.length === 0) return [];
  const person = conversationId(personOf(parseConversationId(conversation)));
  return [
    { id, kind: "notice", conversation: person, messageIds, createdAtMs, chunks: [], recalls: notices },
  ];
}
