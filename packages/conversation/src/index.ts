export { type Acceptor, createAcceptor, DEDUPE_WINDOW_MS, MAILBOX_LIMIT } from "./acceptor.ts";
export {
  type AgentCallbacks,
  type CallbackResult,
  createAgentCallbacks,
} from "./agent-callbacks.ts";
export { type AgentReport, type AgentReports, createAgentReports } from "./agent-reports.ts";
export {
  isSignedAgentBody,
  SIGNATURE_HEADER,
  signAgentBody,
  signAgentCallback,
  TIMESTAMP_HEADER,
} from "./agent-signature.ts";
export {
  AGENT_TEXT_LIMIT_CHARS,
  type AgentAnswer,
  type AgentWord,
  agentAnswerSchema,
  agentWordSchema,
} from "./agent-words.ts";
export {
  type ApprovalRequest,
  type Approvals,
  createApprovals,
  type Decided,
  type Decision,
} from "./approvals.ts";
export {
  type BackgroundTask,
  type BackgroundTasks,
  backgroundTaskName,
  createBackgroundTasks,
} from "./background-tasks.ts";
export {
  type Checkpoint,
  type CheckpointPlace,
  type Checkpoints,
  createCheckpoints,
  type RunnerState,
  type StoredCheckpoint,
} from "./checkpoints.ts";
export {
  COMMAND_NAMES,
  type CommandName,
  commandAliases,
  type ParsedCommand,
  parseCommand,
} from "./command-names.ts";
export { type ControlLane, createControlLane } from "./control-lane.ts";
export {
  type ConversationRef,
  canBeAnswered,
  conversationId,
  groupChat,
  groupChatOf,
  isOnePerson,
  parseConversationId,
} from "./conversation-ref.ts";
export { DEAD_LETTER_RETENTION_MS, removeOldDeadLetters } from "./dead-letter-retention.ts";
export {
  createDeadLetters,
  type DeadLetter,
  type DeadLetters,
  type Replayed,
} from "./dead-letters.ts";
export { duplicateCheckSeconds, RESEND_WINDOW_SECONDS } from "./duplicate-check.ts";
export type { Fence } from "./fence.ts";
export {
  type InboundMessage,
  inboundMessageId,
  isReadableMessage,
  parseInboundMessage,
} from "./inbound-message.ts";
export { createKeys, type Keys } from "./keys.ts";
export { type Lane, laneOf } from "./lane.ts";
export {
  type BatchChoice,
  type Claim,
  type Claimed,
  type Commit,
  type CommitResult,
  createMailbox,
  type Mailbox,
} from "./mailbox.ts";
export type { MailboxEntry } from "./mailbox-entry.ts";
export {
  type ChunkOutcome,
  createOutbox,
  type FinishedStatus,
  type Outbox,
  type OutboxHead,
  REPLY_RETENTION_MS,
} from "./outbox.ts";
export type { Places } from "./places.ts";
export { createPlaces } from "./places.ts";
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
export type {
  CardUpdate,
  ChunkMark,
  ChunkMedia,
  ChunkState,
  ReplyKind,
  ReplyPlan,
  StoredChunk,
  StoredReply,
} from "./reply.ts";
export { BUSY_MODES, type BusyMode, createSessions, type Session, type Sessions } from "./session.ts";
export {
  createTimelines,
  type EventSeen,
  TIMELINE_LIMITS,
  TIMELINE_RETENTION_MS,
  type Timeline,
  type TimelineApp,
  type TimelineQuery,
  type Timelines,
} from "./timeline.ts";
export { digestTimeline, type TimelineDigest, type TimelineState } from "./timeline-digest.ts";
export type { StoredTimelineEvent, TimelineEvent } from "./timeline-event.ts";
export {
  createExchange,
  EXCHANGE_MEMORY_LIMIT_BYTES,
  type Exchange,
  type LastTurn,
  readLastTurn,
  readTranscript,
  turnIdOf,
  undoExchanges,
} from "./transcript.ts";
export {
  type Cause,
  createTurnControl,
  type Enqueued,
  type StopReason,
  type TurnControl,
  type TurnState,
} from "./turn-control.ts";
