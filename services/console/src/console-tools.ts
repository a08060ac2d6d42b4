import {
  createDeadLetters,
  createKeys,
  createOutbox,
  createTimelines,
  createTurnControl,
  wakeConversation,
} from "@gateway/conversation";
import { createAccessRegistry } from "@gateway/conversation/access";
import { createUserCorpMap } from "@gateway/wecom-client/user-corp-map";
import type { Queue } from "bullmq";
import type { Redis } from "ioredis";
import { queuesByName } from "./queues-by-name.ts";

/** What the pages and the API read and change, built once. */
export function createConsoleTools(deps: {
  queues: readonly Queue[];
  redis: Redis;
  prefix: string;
  now: () => number;
}) {
  const { redis, prefix, now } = deps;
  const keys = createKeys(prefix);
  const base = { redis, keys, now };
  const queues = queuesByName(deps.queues);
  const [timelines, outbox, turnControl] = [
    createTimelines(base),
    createOutbox(base),
    createTurnControl(base),
  ];
  return {
    ...base,
    timelines,
    outbox,
    turnControl,
    accessRegistry: createAccessRegistry({
      ...base,
      wakeControl: (conversation) => wakeConversation(queues.control, conversation),
    }),
    deadLetters: createDeadLetters({ ...base, queues, turnControl, outbox, timelines }),
    userCorpMap: createUserCorpMap({ redis, prefix }),
    deliver: queues.deliver,
  };
}
