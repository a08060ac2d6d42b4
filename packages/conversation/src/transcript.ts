import type { Redis } from "ioredis";
import { z } from "zod";
import type { RunnerState } from "./checkpoints.ts";
import type { Keys } from "./keys.ts";
import type { MailboxEntry } from "./mailbox-entry.ts";
import { readEntry } from "./mailbox-entry.ts";
import { createRedisScript } from "./redis-script.ts";

/** One turn as both sides saw it. Bounded: what is longer is cut, and says so. */
export const exchangeSchema = z.object({
  user: z.string(),
  assistant: z.string(),
  atMs: z.number().int(),
  /** The turn it came of: what a repetition of that turn replaces. */
  turnId: z.string().optional(),
  /** What the runner of this kind wants to see again with it: its tool calls, a summary of what was before. */
  memory: z.object({ of: z.string(), state: z.record(z.string(), z.unknown()) }).optional(),
});
export type Exchange = z.infer<typeof exchangeSchema>;

const SIDE_LIMIT_CHARS = 16_000;
/** As JSON. A larger memory is not kept. */
export const EXCHANGE_MEMORY_LIMIT_BYTES = 32 * 1024;

export function createExchange(
  user: string,
  assistant: string,
  { atMs, turnId }: { readonly atMs: number; readonly turnId: string },
  memory?: { readonly of: string; readonly state: RunnerState },
): Exchange {
  const isKept =
    memory !== undefined && Buffer.byteLength(JSON.stringify(memory.state)) <= EXCHANGE_MEMORY_LIMIT_BYTES;
  const sides = { user: bounded(user), assistant: bounded(assistant) };
  return { ...sides, atMs, turnId, ...(isKept ? { memory } : {}) };
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
local transcript, turn, lastTurn, done = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local count, windowMs = tonumber(ARGV[1]), ARGV[2]
local before = redis.call('GET', done)
if before then return tonumber(before) end
if tonumber(redis.call('HGET', turn, 'n') or '0') > 0 then return -1 end
local undone = math.min(redis.call('LLEN', transcript), count)
if undone > 0 then
  redis.call('LTRIM', transcript, 0, -undone - 1)
  redis.call('DEL', lastTurn)
end
redis.call('SET', done, undone, 'PX', windowMs)
return undone`);

const UNDO_ONCE_MS = 24 * 3600 * 1000;

/**
 * Removes the last exchanges, once per `cause` (a message id). Returns how many there were to remove; "running"
 * while a turn runs, which would add its own to what is left.
 */
export async function undoExchanges(
  redis: Redis,
  keys: Keys,
  conversation: string,
  wish: { readonly count: number; readonly cause: string },
): Promise<number | "running"> {
  const touched = [
    keys.transcript(conversation),
    keys.turn(conversation),
    keys.lastTurn(conversation),
    keys.flag("undo", wish.cause),
  ];
  const undone = Number(await undoScript.run(redis, touched, [wish.count, UNDO_ONCE_MS]));
  return undone < 0 ? "running" : undone;
}

export interface LastTurn {
  /** The messages of the last turn that ended with an answer, a failure or the person's stop. */
  readonly entries: readonly MailboxEntry[];
  /** The exchange that it left, as stored; undefined when it left none. */
  readonly exchange: string | undefined;
}

export async function readLastTurn(redis: Redis, keys: Keys, conversation: string): Promise<LastTurn> {
  const [raws, newest] = await Promise.all([
    redis.lrange(keys.lastTurn(conversation), 0, -1),
    redis.lindex(keys.transcript(conversation), -1),
  ]);
  const entries = raws.map(readEntry);
  const first = entries.find(({ message }) => message !== undefined)?.message;
  const left = newest !== null && first !== undefined && exchangeTurnId(newest) === turnIdOf(first.id);
  return { entries, exchange: left ? newest : undefined };
}

/** A turn is named after its first message; its reply has the same id. */
export function turnIdOf(firstMessageId: string): string {
  return `re-${firstMessageId}`;
}

function exchangeTurnId(json: string): string | undefined {
  return exchangeSchema.parse(JSON.parse(json)).turnId;
}
