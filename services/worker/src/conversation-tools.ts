import type { Keys, MailboxEntry, ReplyPlan } from "@gateway/conversation";
import {
  conversationId,
  createApprovals,
  createControlLane,
  createMailbox,
  createOutbox,
  createSessions,
  createTurnControl,
  parseConversationId,
  readLastTurn,
  readTranscript,
  undoExchange,
  wakeConversation,
} from "@gateway/conversation";
import { createUserCorpMap } from "@gateway/wecom-client/user-corp-map";
import type { Redis } from "ioredis";
import { personOf } from "./conversations.ts";
import { createUndertaker } from "./dead-letters.ts";
import type { Queues } from "./open-queues.ts";

interface Deps {
  readonly redis: Redis;
  readonly prefix: string;
  readonly keys: Keys;
  readonly queues: Queues;
  readonly now: () => number;
}

/** Everything that reads or changes a conversation in Redis, built once and shared by the handlers. */
export function createConversationTools(deps: Deps) {
  const { redis, prefix, keys, queues, now } = deps;
  const base = { redis, keys, now };
  const outbox = createOutbox(base);
  return {
    mailbox: createMailbox({
      ...base,
      turnsLockPrefix: queues.turns.toKey(""),
      outboxOf: (conversation) => conversationId(personOf(parseConversationId(conversation))),
    }),
    outbox,
    lane: createControlLane(base),
    turnControl: createTurnControl(base),
    sessions: createSessions(base),
    approvals: createApprovals(base),
    userCorpMap: createUserCorpMap({ redis, prefix }),
    bury: createUndertaker({ dead: queues.dead, redis, keys }),
    transcript: (conversation: string) => readTranscript(redis, keys, conversation),
    undo: (conversation: string, cause: string) => undoExchange(redis, keys, conversation, cause),
    lastTurn: (conversation: string): Promise<MailboxEntry[]> => readLastTurn(redis, keys, conversation),
    wakeTurns: (conversation: string) => wakeConversation(queues.turns, conversation),
    async notify(plan: ReplyPlan): Promise<void> {
      await outbox.append(plan);
      await wakeConversation(queues.deliver, plan.conversation);
    },
    /** True once per period for each conversation. */
    async mayTell(conversation: string, what: string, periodMs: number): Promise<boolean> {
      return (await redis.set(keys.flag("told", what, conversation), "1", "PX", periodMs, "NX")) === "OK";
    },
  };
}

export type ConversationTools = ReturnType<typeof createConversationTools>;
