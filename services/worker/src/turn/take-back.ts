import type { CardUpdate, ReplyPlan } from "@gateway/conversation";
import { conversationId, parseConversationId } from "@gateway/conversation";
import { personOf } from "../conversations.ts";
import type { ActiveTurn } from "./turn-deps.ts";

/** A plan that says nothing: the notices of a run that was stopped go off the screen with it, and its card says so. */
export function takeBack(
  { id, conversation, messageIds }: ActiveTurn,
  recalls: readonly string[],
  updates: readonly CardUpdate[],
  createdAtMs: number,
): ReplyPlan[] {
  if (recalls.length === 0 && updates.length === 0) return [];
  const person = conversationId(personOf(parseConversationId(conversation)));
  const about = { id, kind: "notice", conversation: person, messageIds, createdAtMs } as const;
  return [{ ...about, chunks: [], recalls, updates }];
}
