import { randomUUID } from "node:crypto";
import type { Redis } from "ioredis";
import type { Fence } from "./fence.ts";
import type { Keys } from "./keys.ts";
import type { MailboxEntry } from "./mailbox-entry.ts";
import { readEntry } from "./mailbox-entry.ts";
import {
  absorbScript,
  claimScript,
  commitScript,
  endAttemptScript,
  releaseScript,
} from "./mailbox-scripts.ts";
import type { ReplyPlan } from "./reply.ts";
import { replyArguments } from "./reply.ts";
import type { Exchange } from "./transcript.ts";

export interface Claimed {
  readonly status: "claimed";
  /** 1 for the first run of these messages; more when an earlier one was cut off. */
  readonly attempt: number;
  /**
   * Why these messages are run again: an earlier run was cut off, by the end of its worker or by handing it over, or it
   * failed. Undefined: there was none.
   */
  readonly again: "cut_off" | "failed" | undefined;
  readonly entries: readonly MailboxEntry[];
  /** How many workers were lost while they had the claim. */
  readonly losses: number;
  /** When they were first claimed. */
  readonly startedAtMs: number;
  /** The person asked the run to stop and the process died before it could. */
  readonly stop: string | undefined;
}

export type Claim =
  | Claimed
  | { readonly status: "empty" }
  /** Our lock is gone: another worker has the job, or may have. Touch nothing. */
  | { readonly status: "lost" }
  /** Another live job owns the conversation (a job retried by hand). Come back later. */
  | { readonly status: "busy" }
  /** It has cost so many workers that it may be the cause. Not claimed; to be run alone, see `ClaimOptions`. */
  | { readonly status: "suspect"; readonly attempts: number }
  /** More is likely to come in a moment; see `chooseBatch`. */
  | { readonly status: "early"; readonly afterMs: number };

export interface ClaimOptions {
  /** Suspects are handed out, too: no other one runs beside it. Default false. */
  readonly alone: boolean;
}

/** How many messages to take, or how long to wait first. */
export type BatchChoice = { readonly take: number } | { readonly waitMs: number };

export interface Commit {
  readonly plans: readonly ReplyPlan[];
  /** What goes into the transcript; undefined when the turn is none (stopped, unreadable). */
  readonly exchange?: Exchange | undefined;
  /** The messages are kept for /retry. A turn that /new ended leaves neither these nor an exchange. */
  readonly keepForRetry?: boolean;
}

export type CommitResult =
  | { readonly status: "committed"; readonly remaining: number }
  | { readonly status: "lost" }
  /** The claim is not ours any more; somebody else committed or will. */
  | { readonly status: "superseded" };

export interface Mailbox {
  /**
   * Takes messages from the head, as many as `choose` says. A claim that was never committed is handed out
   * again, whole, with `attempt` one higher.
   */
  claim(
    conversation: string,
    fence: Fence,
    choose: (waiting: readonly MailboxEntry[]) => BatchChoice,
    options?: ClaimOptions,
  ): Promise<Claim>;
  /**
   * The one step in which messages are consumed and their replies enter the outbox. Repeating it after a lost
   * answer is harmless. `count`: those of the claim that were answered; later ones go on waiting.
   */
  commit(conversation: string, fence: Fence, count: number, commit: Commit): Promise<CommitResult>;
  /** The first message that waits behind the claim, which a running turn may take in. */
  next(conversation: string, claimed: number): Promise<MailboxEntry | undefined>;
  /** Makes that message part of the claim; false when it is not the next one any more or the lock is lost. */
  absorb(conversation: string, fence: Fence, entry: MailboxEntry): Promise<boolean>;
  /** Gives a claim back unharmed (a deploy): the attempt does not count. `begun`: its run had started. */
  release(conversation: string, fence: Fence, options?: { begun: boolean }): Promise<boolean>;
  /** The run failed and is to be repeated: the attempt counts, but no worker was lost. The claim stays. */
  endAttempt(conversation: string, fence: Fence): Promise<boolean>;
}

/** A turn takes at most this many messages, however fast they came. */
const BATCH_LIMIT = 20;
/** One loss says nothing: a worker dies with everything that it was running. */
const SUSPECT_AFTER_LOSSES = 2;
/** Longer than the lock could last without its worker. */
const COMMIT_KNOWN_MS = 10 * 60 * 1000;
const TRANSCRIPT_LIMIT = 50;
const TRANSCRIPT_TTL_MS = 30 * 24 * 3600 * 1000;

export function createMailbox(deps: {
  redis: Redis;
  keys: Keys;
  /** `turns.toKey("")`: where the locks of other turn jobs are. */
  turnsLockPrefix: string;
  /** Whose outbox a conversation's replies go to; a background conversation answers in its person's. */
  outboxOf: (conversation: string) => string;
  now: () => number;
}): Mailbox {
  const { redis, keys } = deps;
  for (const script of [claimScript, commitScript, releaseScript, endAttemptScript, absorbScript])
    script.keepLoaded(redis);

  return {
    async claim(conversation, fence, choose, { alone } = { alone: false }) {
      const waiting = await redis.lrange(keys.mailbox(conversation), 0, BATCH_LIMIT - 1);
      const begun = await redis.hget(keys.turn(conversation), "n");
      const choice = waiting.length === 0 || begun !== null ? { take: 1 } : choose(waiting.map(readEntry));
      if ("waitMs" in choice) return { status: "early", afterMs: choice.waitMs };
      const [status, attempt = 0, raws = [], startedAt, stop, again, losses] = (await claimScript.run(
        redis,
        [fence.lockKey, keys.mailbox(conversation), keys.turn(conversation), keys.pendingTurns],
        [
          ...[fence.token, choice.take, fence.jobId, deps.turnsLockPrefix, conversation, deps.now()],
          ...[randomUUID(), alone ? 1 : 0, SUSPECT_AFTER_LOSSES],
        ],
      )) as [string, number?, string[]?, string?, (string | null)?, (string | null)?, (string | null)?];
      if (status === "suspect") return { status, attempts: attempt };
      if (status !== "claimed") return { status: status as "empty" | "lost" | "busy" };
      const entries = raws.map(readEntry);
      const facts = { startedAtMs: Number(startedAt), stop: stop ?? undefined, losses: Number(losses ?? 0) };
      return { status, attempt, again: (again ?? undefined) as Claimed["again"], entries, ...facts };
    },
    async commit(conversation, fence, count, { plans, exchange, keepForRetry }) {
      const outbox = deps.outboxOf(conversation);
      const [status, remaining = 0] = (await commitScript.run(
        redis,
        [
          fence.lockKey,
          keys.mailbox(conversation),
          keys.turn(conversation),
          keys.checkpoint(conversation),
          keys.pendingTurns,
          keys.outbox(outbox),
          keys.pendingDeliveries,
          keys.transcript(conversation),
          keys.lastTurn(conversation),
          keys.flag("committed", randomUUID()),
          ...plans.map((plan) => keys.reply(plan.id)),
        ],
        [
          ...[fence.token, fence.jobId, count, conversation, outbox, deps.now()],
          ...[exchange === undefined ? "" : JSON.stringify(exchange), TRANSCRIPT_LIMIT, TRANSCRIPT_TTL_MS],
          ...[keepForRetry === true ? 1 : 0, COMMIT_KNOWN_MS, plans.length],
          ...plans.flatMap(replyArguments),
        ],
      )) as [CommitResult["status"], number?];
      return status === "committed" ? { status, remaining } : { status };
    },
    async next(conversation, claimed) {
      const raw = await redis.lindex(keys.mailbox(conversation), claimed);
      return raw === null ? undefined : readEntry(raw);
    },
    async absorb(conversation, fence, entry) {
      const absorbed = await absorbScript.run(
        redis,
        [fence.lockKey, keys.mailbox(conversation), keys.turn(conversation)],
        [fence.token, entry.raw],
      );
      return Number(absorbed) > 0;
    },
    async release(conversation, fence, options) {
      const released = await releaseScript.run(
        redis,
        [fence.lockKey, keys.turn(conversation)],
        [fence.token, fence.jobId, options?.begun === true ? 1 : 0],
      );
      return released === 1;
    },
    async endAttempt(conversation, fence) {
      const keysOfTurn = [fence.lockKey, keys.turn(conversation)];
      return (await endAttemptScript.run(redis, keysOfTurn, [fence.token, fence.jobId])) === 1;
    },
  };
}
