import { randomInt } from "node:crypto";
import type { Redis } from "ioredis";
import { z } from "zod";
import type { ConversationRef } from "./conversation-ref.ts";
import { parseConversationId } from "./conversation-ref.ts";
import type { Keys } from "./keys.ts";
import { createRedisScript } from "./redis-script.ts";

/** Without characters that are mistaken for each other when read aloud or retyped. */
export const CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const CODE_LENGTH = 4;

const requestSchema = z.object({
  code: z.string(),
  /** The turn that waits; a decision never reaches another one. */
  turnId: z.string(),
  title: z.string(),
  detail: z.string(),
  /** Where it would be done. */
  directory: z.string().optional(),
  /** It was put to the person as a card, which has to be shown in its final state. */
  card: z.literal(true).optional(),
  askedAtMs: z.number().int(),
  /** The conversation whose turn waits, where it is not the one that was asked (a background task). */
  waitsIn: z.string().optional(),
  /** Names the request within its turn: a further attempt that asks the same takes this one up again. */
  key: z.string().optional(),
});
export type ApprovalRequest = z.infer<typeof requestSchema>;

export type Decision = "approved" | "denied";

export type Decided =
  | { readonly status: "decided"; readonly request: ApprovalRequest }
  | { readonly status: "none" }
  /** Several are pending and no code was given. */
  | { readonly status: "ambiguous"; readonly codes: readonly string[] };

/**
 * A request is decided once, by the first decision; the answer waits for the turn that asked. What a message
 * decided is remembered: it may be handled twice, and the script be sent again after a lost answer.
 */
const decideScript = createRedisScript(`
local approvals, done = KEYS[1], KEYS[2]
local code, decision, windowMs, by = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local before = redis.call('GET', done)
if before then return before end
local request = redis.call('HGET', approvals, 'ask:' .. code)
if not request then return false end
redis.call('HDEL', approvals, 'ask:' .. code)
redis.call('HSET', approvals, 'answer:' .. code, decision)
if by ~= '' then redis.call('HSET', approvals, 'by:' .. code, by) end
redis.call('SET', done, request, 'PX', windowMs)
return request`);

/** A further attempt's question is the one that is there already, decided or not. */
const askScript = createRedisScript(`
local approvals, code, request, keyField, ttlMs = KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4]
if keyField ~= '' then
  local known = redis.call('HGET', approvals, keyField)
  if known and redis.call('HEXISTS', approvals, 'ask:' .. known) == 1 then
    return redis.call('HGET', approvals, 'ask:' .. known)
  end
  if known and redis.call('HEXISTS', approvals, 'answer:' .. known) == 1 then
    local before = cjson.decode(request)
    before.code = known
    return cjson.encode(before)
  end
  redis.call('HSET', approvals, keyField, code)
end
redis.call('HSET', approvals, 'ask:' .. code, request)
redis.call('PEXPIRE', approvals, ttlMs)
return request`);

/** What an agent may only do when the person says so. Kept in Redis: any process may bring the answer. */
export interface Approvals {
  ask(conversation: string, request: Omit<ApprovalRequest, "code" | "askedAtMs">): Promise<ApprovalRequest>;
  /** Oldest first. */
  pending(conversation: string): Promise<ApprovalRequest[]>;
  /** The conversation that a code of the app was given in. */
  whose(app: AppRef, code: string): Promise<string | undefined>;
  /**
   * `cause` is the id of the message that decides; once for each. Without a code the only request is meant. `by`:
   * an administrator who decides in the person's place.
   */
  decide(
    conversation: string,
    code: string | undefined,
    decision: Decision,
    cause: string,
    by?: string,
  ): Promise<Decided>;
  /** The decision, once there is one. */
  answer(conversation: string, code: string): Promise<Answer | undefined>;
  /** Forgets a request and its answer (the run has ended or the time is over). */
  withdraw(conversation: string, code: string): Promise<void>;
  /**
   * Forgets what a turn asked, and returns it: nobody waits for it any more. "unnamed": only what no further attempt
   * can take up again.
   */
  withdrawTurn(conversation: string, turnId: string, which: "all" | "unnamed"): Promise<ApprovalRequest[]>;
}

type AppRef = Pick<ConversationRef, "corpId" | "agentId">;

interface Answer {
  readonly decision: Decision;
  /** The administrator who decided in the person's place. */
  readonly by: string | undefined;
}

const TTL_MS = 24 * 3600 * 1000;

export function createApprovals(deps: { redis: Redis; keys: Keys; now: () => number }): Approvals {
  const { redis, keys } = deps;
  for (const script of [askScript, decideScript]) script.keepLoaded(redis);
  const pending = async (conversation: string) => {
    const hash = await redis.hgetall(keys.approvals(conversation));
    return Object.entries(hash)
      .filter(([field]) => field.startsWith("ask:"))
      .map(([, json]) => readRequest(json))
      .sort((a, b) => a.askedAtMs - b.askedAtMs);
  };
  const placeOf = ({ corpId, agentId }: AppRef, code: string) => keys.flag("approval", corpId, agentId, code);
  /** No two requests of an app have the same code at a time. */
  const takeCode = async (conversation: string): Promise<string> => {
    for (;;) {
      const code = newCode();
      const place = placeOf(parseConversationId(conversation), code);
      if ((await redis.set(place, conversation, "PX", TTL_MS, "NX")) === "OK") return code;
    }
  };
  return {
    pending,
    whose: async (app, code) => (await redis.get(placeOf(app, code.toUpperCase()))) ?? undefined,
    async ask(conversation, asked) {
      const code = await takeCode(conversation);
      const request: ApprovalRequest = { code, ...asked, askedAtMs: deps.now() };
      const keyField = asked.key === undefined ? "" : `key:${asked.turnId} ${asked.key}`;
      const args = [code, JSON.stringify(request), keyField, TTL_MS];
      const stored = readRequest(
        (await askScript.run(redis, [keys.approvals(conversation)], args)) as string,
      );
      if (stored.code !== code) await redis.del(placeOf(parseConversationId(conversation), code));
      return stored;
    },
    async decide(conversation, code, decision, cause, by = "") {
      const done = keys.flag("decided", cause);
      const before = await redis.get(done);
      if (before !== null) return { status: "decided", request: readRequest(before) };
      const open =
        code === undefined
          ? (await pending(conversation)).map((request) => request.code)
          : [code.toUpperCase()];
      const [only, ...others] = open;
      if (only === undefined) return { status: "none" };
      if (others.length > 0) return { status: "ambiguous", codes: open };
      const touched = [keys.approvals(conversation), done];
      const json = (await decideScript.run(redis, touched, [only, decision, TTL_MS, by])) as string | null;
      if (json === null) return { status: "none" };
      const request = readRequest(json);
      await redis.publish(keys.signals, request.waitsIn ?? conversation);
      return { status: "decided", request };
    },
    async answer(conversation, code) {
      const fields = [`answer:${code}`, `by:${code}`];
      const [decision, by] = await redis.hmget(keys.approvals(conversation), ...fields);
      return decision === "approved" || decision === "denied" ? { decision, by: by ?? undefined } : undefined;
    },
    async withdraw(conversation, code) {
      const fields = [`ask:${code}`, `answer:${code}`, `by:${code}`];
      await redis.hdel(keys.approvals(conversation), ...fields);
      await redis.del(placeOf(parseConversationId(conversation), code));
    },
    async withdrawTurn(conversation, turnId, which) {
      const stale = (await pending(conversation)).filter(
        (request) => request.turnId === turnId && (which === "all" || request.key === undefined),
      );
      const fields = stale.map(({ code }) => `ask:${code}`);
      if (fields.length > 0) await redis.hdel(keys.approvals(conversation), ...fields);
      return stale;
    },
  };
}

function readRequest(json: string): ApprovalRequest {
  return requestSchema.parse(JSON.parse(json));
}

function newCode(): string {
  return Array.from({ length: CODE_LENGTH }, () => CODE_ALPHABET[randomInt(CODE_ALPHABET.length)]).join("");
}
