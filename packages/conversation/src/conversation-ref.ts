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

const CHAT = "@chat:";

/** The outbox of a group chat that the app has created, in the place of a user's. */
export function groupChat(chatId: string): string {
  return `${CHAT}${chatId}`;
}

/** The group chat, where it is one. */
export function groupChatOf({ userId }: Pick<ConversationRef, "userId">): string | undefined {
  return userId.startsWith(CHAT) ? userId.slice(CHAT.length) : undefined;
}

/**
 * Departments, tags and everybody have an outbox each, named like this in the place of a user: one of them that cannot be
 * reached holds up no other. No WeCom user id begins with an @.
 */
export function isOnePerson({ userId }: Pick<ConversationRef, "userId">): boolean {
  return !userId.startsWith("@");
}

/**
 * Whether an answer to this sender would reach the sender alone. WeCom's user ids have none of these characters (WeCom doc
 * 90195), but as a receiver "@all" is everybody, "a|b" two people, and "@chat:…" a group; control characters do not
 * survive the way back, so they would make one id out of two.
 */
export function canBeAnswered(sender: Pick<ConversationRef, "userId">): boolean {
  return isOnePerson(sender) && !/[|\p{Cc}]/u.test(sender.userId);
}
