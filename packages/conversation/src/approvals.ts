import { randomInt } from "node:crypto";
import type { Redis } from "ioredis";
import { z } from "zod";
import type { Keys } from "./keys.ts";
import { createRedisScript } from "./redis-script.ts";

/** Without characters that are mistaken for each other when read aloud or retyped. */
const CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const CODE_LENGTH = 4;

const requestSchema = z.object({
  code: z.string(),
  /** The turn that waits; a decision never reaches another one. */
  turnId: z.string(),
  title: z.string(),
  detail: z.string(),
  askedAtMs: z.number().int(),
});
export type ApprovalRequest = z.infer<typeof requestSchema>;

export type Decision = "approved" | "denied";

export type Decided =
  | { readonly status: "decided"; readonly request: ApprovalRequest }
  | { readonly status: "none" }
  /** Several are pending and no code was given. */
  | { readonly status: "ambiguous"; readonly codes: readonly string[] };

/** A request is decided once, by the first decision; the answer waits for the turn that asked. */
const decideScript = createRedisScript(`
local request = redis.call('HGET', KEYS[1], 'ask:' .. ARGV[1])
if not request then return false end
redis.call('HDEL', KEYS[1], 'ask:' .. ARGV[1])
redis.call('HSET', KEYS[1], 'answer:' .. ARGV[1], ARGV[2])
return request`);

/** What an agent may only do when the person says so. Kept in Redis: any process may bring the answer. */
export interface Approvals {
  ask(
    conversation: string,
    request: { turnId: string; title: string; detail: string },
  ): Promise<ApprovalRequest>;
  pending(conversation: string): Promise<ApprovalRequest[]>;
  decide(conversation: string, code: string | undefined, decision: Decision): Promise<Decided>;
  /** The decision, once there is one. */
  answer(conversation: string, code: string): Promise<Decision | undefined>;
  /** Forgets a request and its answer (the run has ended or the time is over). */
  withdraw(conversation: string, code: string): Promise<void>;
}

const TTL_MS = 24 * 3600 * 1000;

export function createApprovals(deps: { redis: Redis; keys: Keys; now: () => number }): Approvals {
  const { redis, keys } = deps;
  decideScript.keepLoaded(redis);
  const pending = async (conversation: string) => {
    const hash = await redis.hgetall(keys.approvals(conversation));
    return Object.entries(hash)
      .filter(([field]) => field.startsWith("ask:"))
      .map(([, json]) => requestSchema.parse(JSON.parse(json)));
  };
  return {
    pending,
    async ask(conversation, { turnId, title, detail }) {
      const request = { code: newCode(), turnId, title, detail, askedAtMs: deps.now() };
      const key = keys.approvals(conversation);
      await redis
        .multi()
        .hset(key, `ask:${request.code}`, JSON.stringify(request))
        .pexpire(key, TTL_MS)
        .exec();
      return request;
    },
    async decide(conversation, code, decision) {
      const open =
        code === undefined
          ? (await pending(conversation)).map((request) => request.code)
          : [code.toUpperCase()];
      const [only, ...others] = open;
      if (only === undefined) return { status: "none" };
      if (others.length > 0) return { status: "ambiguous", codes: open };
      const json = (await decideScript.run(redis, [keys.approvals(conversation)], [only, decision])) as
        | string
        | null;
      if (json === null) return { status: "none" };
      await redis.publish(keys.signals, conversation);
      return { status: "decided", request: requestSchema.parse(JSON.parse(json)) };
    },
    async answer(conversation, code) {
      const answer = await redis.hget(keys.approvals(conversation), `answer:${code}`);
      return answer === "approved" || answer === "denied" ? answer : undefined;
    },
    async withdraw(conversation, code) {
      await redis.hdel(keys.approvals(conversation), `ask:${code}`, `answer:${code}`);
    },
  };
}

function newCode(): string {
  return Array.from({ length: CODE_LENGTH }, () => CODE_ALPHABET[randomInt(CODE_ALPHABET.length)]).join("");
}
