import type { Redis } from "ioredis";
import { z } from "zod";
import type { Keys } from "./keys.ts";

/** One turn as both sides saw it. Bounded: what is longer is cut, and says so. */
export const exchangeSchema = z.object({
  user: z.string(),
  assistant: z.string(),
  atMs: z.number().int(),
});
export type Exchange = z.infer<typeof exchangeSchema>;

const SIDE_LIMIT_CHARS = 16_000;

export function createExchange(user: string, assistant: string, atMs: number): Exchange {
  return { user: bounded(user), assistant: bounded(assistant), atMs };
}

function bounded(text: string): string {
  return text.length <= SIDE_LIMIT_CHARS ? text : `${text.slice(0, SIDE_LIMIT_CHARS).toWellFormed()} […]`;
}

/** A conversation's latest exchanges, oldest first. They feed runners that have no memory of their own. */
export async function readTranscript(redis: Redis, keys: Keys, conversation: string): Promise<Exchange[]> {
  const lines = await redis.lrange(keys.transcript(conversation), 0, -1);
  return lines.map((line) => exchangeSchema.parse(JSON.parse(line)));
}
