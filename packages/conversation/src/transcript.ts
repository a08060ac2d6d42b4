import type { Redis } from "ioredis";
import { z } from "zod";
import type { Keys } from "./keys.ts";
import type { MailboxEntry } from "./mailbox-entry.ts";
import { readEntry } from "./mailbox-entry.ts";
import { createRedisScript } from "./redis-script.ts";

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

const undoScript = createRedisScript(`
if not redis.call('SET', KEYS[2], '1', 'NX', 'EX', 86400) then return 1 end
return redis.call('RPOP', KEYS[1]) and 1 or 0`);

/** Removes the last exchange, once per `cause`; false when there is none. */
export async function undoExchange(
  redis: Redis,
  keys: Keys,
  conversation: string,
  cause: string,
): Promise<boolean> {
  const result = await undoScript.run(redis, [keys.transcript(conversation), keys.flag("undo", cause)], []);
  return result === 1;
}

/** The messages of the last turn that ran to its end. */
export async function readLastTurn(redis: Redis, keys: Keys, conversation: string): Promise<MailboxEntry[]> {
  return (await redis.lrange(keys.lastTurn(conversation), 0, -1)).map(readEntry);
}
