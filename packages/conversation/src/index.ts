export { type Acceptor, createAcceptor, DEDUPE_WINDOW_MS } from "./acceptor.ts";
export { type ConversationRef, conversationId, parseConversationId } from "./conversation-ref.ts";
export {
  type InboundMessage,
  inboundMessageId,
  inboundMessageSchema,
  parseInboundMessage,
} from "./inbound-message.ts";
export { createKeys, type Keys } from "./keys.ts";
export {
  type Claim,
  type CommitResult,
  createMailbox,
  type Fence,
  type Mailbox,
  type MailboxEntry,
} from "./mailbox.ts";
export {
  type ChunkOutcome,
  createOutbox,
  type Outbox,
  type OutboxHead,
  REPLY_RETENTION_MS,
} from "./outbox.ts";
export {
  type ConversationJob,
  conversationJobSchema,
  createQueue,
  type DeadJob,
  deadJobSchema,
  type InboundJob,
  inboundJobSchema,
  QUEUE_NAMES,
  type QueueName,
  wakeConversation,
} from "./queues.ts";
export { reconcile } from "./reconciler.ts";
export { createRedisScript, type RedisScript } from "./redis-script.ts";
export type { ChunkState, ReplyKind, ReplyPlan, StoredChunk, StoredReply } from "./reply.ts";
