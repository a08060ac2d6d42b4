/**
 * A conversation is one person talking to one app of one corp. Equal user ids in two corps are two
 * conversations: the corp is always part of the key.
 */
export interface ConversationRef {
  readonly corpId: string;
  readonly agentId: string;
  readonly userId: string;
}

/** One string per conversation, used in Redis keys and as BullMQ deduplication id. Reversible. */
export function conversationId(ref: ConversationRef): string {
  return [ref.corpId, ref.agentId, ref.userId].map(encodeURIComponent).join(":");
}

export function parseConversationId(id: string): ConversationRef {
  const [corpId, agentId, userId, ...rest] = id.split(":").map(decodeURIComponent);
  if (corpId === undefined || agentId === undefined || userId === undefined || rest.length > 0) {
    throw new TypeError("A conversation id is corp:agent:user, each part percent-encoded.");
  }
  return { corpId, agentId, userId };
}

/**
 * Departments, tags and everybody have an outbox each, named like this in the place of a user: one of them that cannot be
 * reached holds up no other. No WeCom user id begins with an @.
 */
export function isOnePerson({ userId }: Pick<ConversationRef, "userId">): boolean {
  return !userId.startsWith("@");
}
