import type { Redis } from "ioredis";
import { createRedisScript } from "./redis-script.ts";

/** The app a user last wrote to, in one corp. */
export interface UserCorpEntry {
  readonly corpId: string;
  readonly agentId: string;
  readonly lastSeenMs: number;
}

export type UserCorpResolution =
  | { readonly status: "unknown" }
  | ({ readonly status: "unique" } & UserCorpEntry)
  /** The user id exists in several corps, most recently seen first. Whoever asks has to name the corp. */
  | { readonly status: "ambiguous"; readonly candidates: readonly UserCorpEntry[] };

export interface UserCorpSighting {
  readonly corpId: string;
  readonly agentId: string;
  readonly userId: string;
  /** When WeCom says the user wrote (callback CreateTime, in ms), so that late or repeated pushes lose. */
  readonly atMs: number;
}

/**
 * Which corp, and which of its apps, a user last wrote to. Kept in Redis without expiry and shared by every
 * process: it serves sends that answer no message. User ids are matched without regard to case, as WeCom
 * does (WeCom doc 90196). An id seen in two corps is reported as ambiguous, never guessed.
 */
export interface UserCorpMap {
  /** Only a later `atMs` than the stored one changes anything, so pushes may arrive in any order. */
  record(sighting: UserCorpSighting): Promise<void>;
  resolve(userId: string): Promise<UserCorpResolution>;
  lookup(corpId: string, userId: string): Promise<Omit<UserCorpEntry, "corpId"> | undefined>;
}

// One hash per user: field = corp, value = "<ms> <agent>".
const recordScript = createRedisScript(`
local known = redis.call("HGET", KEYS[1], ARGV[1])
if known and tonumber(string.match(known, "^(%d+) ")) >= tonumber(ARGV[2]) then return 0 end
redis.call("HSET", KEYS[1], ARGV[1], ARGV[2] .. " " .. ARGV[3])
return 1
`);

export function createUserCorpMap(deps: { readonly redis: Redis; readonly prefix: string }): UserCorpMap {
  const { redis, prefix } = deps;
  const keyOf = (userId: string) => `${prefix}:user-corp:${checkId("userId", userId).toLowerCase()}`;

  return {
    async record({ corpId, agentId, userId, atMs }) {
      if (!Number.isSafeInteger(atMs) || atMs < 0) throw new RangeError("atMs must be epoch milliseconds");
      const args = [checkId("corpId", corpId), atMs, checkId("agentId", agentId)];
      await recordScript(redis, [keyOf(userId)], args);
    },

    async resolve(userId) {
      const stored = await redis.hgetall(keyOf(userId));
      const candidates = Object.entries(stored)
        .flatMap(([corpId, value]) => {
          const entry = parseEntry(value);
          return entry === undefined ? [] : [{ corpId, ...entry }];
        })
        .sort((left, right) => right.lastSeenMs - left.lastSeenMs);
      const [latest] = candidates;
      if (latest === undefined) return { status: "unknown" };
      return candidates.length === 1 ? { status: "unique", ...latest } : { status: "ambiguous", candidates };
    },

    async lookup(corpId, userId) {
      const value = await redis.hget(keyOf(userId), checkId("corpId", corpId));
      return value === null ? undefined : parseEntry(value);
    },
  };
}

function parseEntry(value: string): Omit<UserCorpEntry, "corpId"> | undefined {
  const [, ms, agentId] = /^(\d+) (.+)$/.exec(value) ?? [];
  return ms === undefined || agentId === undefined ? undefined : { agentId, lastSeenMs: Number(ms) };
}

/** WeCom ids have at most 64 bytes (WeCom doc 90196); anything longer is not one. */
function checkId(name: string, id: string): string {
  if (id === "" || Buffer.byteLength(id) > 64) throw new RangeError(`${name} must have 1 to 64 bytes`);
  return id;
}
