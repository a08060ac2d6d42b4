import type { Fence, Keys, ReplyPlan } from "@gateway/conversation";
import {
  conversationId,
  createApprovals,
  createBackgroundTasks,
  createCheckpoints,
  createControlLane,
  createMailbox,
  createOutbox,
  createPlaces,
  createSessions,
  createTurnControl,
  parseConversationId,
  readLastTurn,
  readTranscript,
  undoExchanges,
  wakeConversation,
} from "@gateway/conversation";
import { createAccessRegistry } from "@gateway/conversation/access";
import { createUserCorpMap } from "@gateway/wecom-client/user-corp-map";
import type { Redis } from "ioredis";
import { personOf } from "./conversations.ts";
import { createUndertaker } from "./dead-letters.ts";
import type { Queues } from "./open-queues.ts";
import { recordClearing } from "./timeline/record-clearing.ts";
import type { RecordEvent } from "./timeline/recorder.ts";
import { createAppDrain } from "./turn/app-drain.ts";

/** A deploy takes less; a worker that is gone for longer does not come back soon. */
const PLACE_GRACE_MS = 60_000;

interface Deps {
  readonly redis: Redis;
  readonly prefix: string;
  readonly keys: Keys;
  readonly queues: Queues;
  readonly record: RecordEvent;
  readonly now: () => number;
  readonly deadAfterMs: number;
}

/** Everything that reads or changes a conversation in Redis, built once and shared by the handlers. */
export function createConversationTools(deps: Deps) {
  const { redis, prefix, keys, queues, now } = deps;
  const base = { redis, keys, now };
  const outbox = createOutbox(base);
  return {
    record: deps.record,
    mailbox: createMailbox({
      ...base,
      turnsLockPrefix: queues.turns.toKey(""),
      outboxOf: (conversation) => conversationId(personOf(parseConversationId(conversation))),
    }),
    outbox,
    lane: createControlLane(base),
    turnControl: recordClearing(createTurnControl(base), deps.record),
    sessions: createSessions(base),
    approvals: createApprovals(base),
    checkpoints: createCheckpoints(base),
    places: createPlaces({ ...base, deadAfterMs: deps.deadAfterMs, graceMs: PLACE_GRACE_MS }),
    access: createAccessRegistry({
      ...base,
      wakeControl: (conversation) => wakeConversation(queues.control, conversation),
    }),
    userCorpMap: createUserCorpMap({ redis, prefix }),
    ...createUndertaker({ dead: queues.dead, redis, keys, record: deps.record }),
    transcript: (conversation: string) => readTranscript(redis, keys, conversation),
    undo: (conversation: string, wish: { count: number; cause: string }) =>
      undoExchanges(redis, keys, conversation, wish),
    lastTurn: (conversation: string) => readLastTurn(redis, keys, conversation),
    drain: createAppDrain({ redis, keys, turns: queues.turns }),
    backgroundTasks: createBackgroundTasks(base),
    wakeTurns: (conversation: string) => wakeConversation(queues.turns, conversation),
    async notify(plan: ReplyPlan, fence?: Fence): Promise<void> {
      await outbox.append(plan, fence);
      await wakeConversation(queues.deliver, plan.conversation);
    },
    /** True once per period for each conversation; true again for the same cause, whose step may be repeated. */
    async mayTell(conversation: string, what: string, periodMs: number, cause = ""): Promise<boolean> {
      const key = keys.flag("told", what, conversation);
      if ((await redis.set(key, cause, "PX", periodMs, "NX")) === "OK") return true;
      return cause !== "" && (await redis.get(key)) === cause;
    },
  };
}

export type ConversationTools = ReturnType<typeof createConversationTools>;
