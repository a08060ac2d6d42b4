import type { ConversationRef, Keys } from "@gateway/conversation";
import { conversationJobSchema, parseConversationId } from "@gateway/conversation";
import type { Queue } from "bullmq";
import type { Redis } from "ioredis";

type AppRef = Pick<ConversationRef, "corpId" | "agentId">;

/** An app whose turns are held back for maintenance, on every worker: what runs ends, nothing new begins. */
export interface AppDrain {
  isOn(app: AppRef): Promise<boolean>;
  /** Returns how many of its turns still run. */
  start(app: AppRef): Promise<{ readonly running: number }>;
  end(app: AppRef): Promise<void>;
}

/** Nobody remembers for ever that they drained something. */
const TTL_MS = 24 * 3600 * 1000;
/** More running turns than this are not counted one by one. */
const COUNT_LIMIT = 1000;

export function createAppDrain(deps: { redis: Redis; keys: Keys; turns: Queue }): AppDrain {
  const { redis, keys, turns } = deps;
  const key = ({ corpId, agentId }: AppRef) => keys.flag("drain", corpId, agentId);
  return {
    isOn: async (app) => (await redis.exists(key(app))) === 1,
    async start(app) {
      await redis.set(key(app), "1", "PX", TTL_MS);
      const active = await turns.getActive(0, COUNT_LIMIT);
      const running = active.filter(({ data }) => {
        const ref = parseConversationId(conversationJobSchema.parse(data).conversation);
        return ref.corpId === app.corpId && ref.agentId === app.agentId;
      });
      return { running: running.length };
    },
    end: async (app) => void (await redis.del(key(app))),
  };
}
