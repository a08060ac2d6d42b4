import type { Redis } from "ioredis";
import type { InboundMessage } from "./inbound-message.ts";
import { parseInboundMessage } from "./inbound-message.ts";
import type { Keys } from "./keys.ts";
import { claimScript, commitScript, releaseScript } from "./mailbox-scripts.ts";
import type { ReplyPlan } from "./reply.ts";
import { replyFields } from "./reply.ts";

/** Proof that a job is ours: BullMQ's lock on it holds our token. Every step below checks it inside Redis. */
export interface Fence {
  readonly jobId: string;
  /** Key of the job's lock, `queue.toKey(jobId) + ":lock"`, and the token it must hold. */
  readonly lockKey: string;
  readonly token: string;
}

export type Claim =
  | { readonly status: "claimed"; readonly attempt: number; readonly entries: readonly MailboxEntry[] }
  | { readonly status: "empty" }
  /** Our lock is gone: another worker has the job, or may have. Touch nothing. */
  | { readonly status: "lost" }
  /** Another live job owns the conversation (a job retried by hand). Come back later. */
  | { readonly status: "busy" };

/** A stored entry; `message` is undefined where it cannot be read (written by a newer version, or damaged). */
export interface MailboxEntry {
  readonly raw: string;
  readonly message: InboundMessage | undefined;
}

export type CommitResult =
  | { readonly status: "committed"; readonly remaining: number }
  | { readonly status: "lost" }
  /** The claim is not ours any more; somebody else committed or will. */
  | { readonly status: "superseded" };

export interface Mailbox {
  /**
   * Takes up to `limit` messages from the head. A claim that was never committed is handed out again, whole,
   * with `attempt` one higher.
   */
  claim(conversation: string, fence: Fence, limit: number): Promise<Claim>;
  /**
   * The one step in which messages are consumed and their replies enter the outbox. Repeating it after a lost
   * answer is harmless.
   */
  commit(
    conversation: string,
    fence: Fence,
    count: number,
    plans: readonly ReplyPlan[],
  ): Promise<CommitResult>;
  /** Gives a claim back unharmed (a deploy): the attempt does not count. */
  release(conversation: string, fence: Fence): Promise<boolean>;
  depth(conversation: string): Promise<number>;
}

export function createMailbox(deps: {
  redis: Redis;
  keys: Keys;
  turnsLockPrefix: string;
  now: () => number;
}): Mailbox {
  const { redis, keys } = deps;
  for (const script of [claimScript, commitScript, releaseScript]) script.keepLoaded(redis);

  return {
    async claim(conversation, fence, limit) {
      const result = (await claimScript.run(
        redis,
        [fence.lockKey, keys.mailbox(conversation), keys.turn(conversation), keys.pendingTurns],
        [fence.token, limit, fence.jobId, deps.turnsLockPrefix, conversation],
      )) as [string, number?, string[]?];
      const [status, attempt = 0, raws = []] = result;
      if (status !== "claimed") return { status: status as "empty" | "lost" | "busy" };
      return { status, attempt, entries: raws.map(readEntry) };
    },
    async commit(conversation, fence, count, plans) {
      const result = (await commitScript.run(
        redis,
        [
          fence.lockKey,
          keys.mailbox(conversation),
          keys.turn(conversation),
          keys.checkpoint(conversation),
          keys.pendingTurns,
          keys.outbox(conversation),
          keys.pendingDeliveries,
          ...plans.map((plan) => keys.reply(plan.id)),
        ],
        [
          fence.token,
          fence.jobId,
          count,
          conversation,
          deps.now(),
          plans.length,
          ...plans.flatMap((plan) => {
            const fields = replyFields(plan);
            return [plan.id, fields.length, ...fields];
          }),
        ],
      )) as [CommitResult["status"], number?];
      const [status, remaining = 0] = result;
      return status === "committed" ? { status, remaining } : { status };
    },
    async release(conversation, fence) {
      const released = await releaseScript.run(
        redis,
        [fence.lockKey, keys.turn(conversation)],
        [fence.token, fence.jobId],
      );
      return released === 1;
    },
    depth: (conversation) => redis.llen(keys.mailbox(conversation)),
  };
}

function readEntry(raw: string): MailboxEntry {
  try {
    return { raw, message: parseInboundMessage(raw) };
  } catch {
    return { raw, message: undefined };
  }
}
