import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import { z } from "zod";
import { CODE_ALPHABET } from "./approvals.ts";
import type { Keys } from "./keys.ts";

const taskSchema = z.object({
  /** Four characters, fit to be typed. */
  name: z.string(),
  /** The conversation that it runs in. */
  conversation: z.string(),
  /** The beginning of what was asked. */
  preview: z.string(),
  startedAtMs: z.number().int(),
});
export type BackgroundTask = z.infer<typeof taskSchema>;

/** A person's tasks beside the main conversation. A task is over when nothing is left in its mailbox. */
export interface BackgroundTasks {
  add(conversation: string, task: BackgroundTask): Promise<void>;
  /** Those that have not ended, oldest first. */
  running(conversation: string): Promise<BackgroundTask[]>;
}

/** Tasks that have ended are forgotten when somebody asks; a person who never does is forgotten by this. */
const TTL_MS = 7 * 24 * 3600 * 1000;

export function createBackgroundTasks(deps: { redis: Redis; keys: Keys }): BackgroundTasks {
  const { redis, keys } = deps;
  return {
    async add(conversation, task) {
      const key = keys.background(conversation);
      await redis.multi().hset(key, task.name, JSON.stringify(task)).pexpire(key, TTL_MS).exec();
    },
    async running(conversation) {
      const stored = Object.values(await redis.hgetall(keys.background(conversation)));
      const tasks = stored.map((json) => taskSchema.parse(JSON.parse(json)));
      const depths = await Promise.all(tasks.map((task) => redis.llen(keys.mailbox(task.conversation))));
      const ended = tasks.filter((_, index) => depths[index] === 0).map(({ name }) => name);
      if (ended.length > 0) await redis.hdel(keys.background(conversation), ...ended);
      return tasks.filter(({ name }) => !ended.includes(name)).sort((a, b) => a.startedAtMs - b.startedAtMs);
    },
  };
}

/** The same name for the same message, however often the command is handled. */
export function backgroundTaskName(messageId: string): string {
  const bytes = createHash("sha256").update(messageId).digest().subarray(0, 4);
  return Array.from(bytes, (byte) => CODE_ALPHABET[byte % CODE_ALPHABET.length]).join("");
}
