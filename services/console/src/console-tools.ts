import {
  createDeadLetters,
  createKeys,
  createOutbox,
  createTimelines,
  createTurnControl,
} from "@gateway/conversation";
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
    deadLetters: createDeadLetters({ ...base, queues, turnControl, outbox, timelines }),
    userCorpMap: createUserCorpMap({ redis, prefix }),
    deliver: queues.deliver,
  };
}
