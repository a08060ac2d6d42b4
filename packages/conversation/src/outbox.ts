import type { Redis } from "ioredis";
import { DEAD_LETTER_RETENTION_MS } from "./dead-letter-retention.ts";
import type { Fence } from "./fence.ts";
import type { Keys } from "./keys.ts";
import {
  appendReplyScript,
  beginChunkScript,
  finishReplyScript,
  headScript,
  rewriteChunkScript,
  settleChunkScript,
} from "./outbox-scripts.ts";
import type { ChunkMark, ChunkMedia, ReplyPlan, StoredReply } from "./reply.ts";
import { readReply, replyArguments } from "./reply.ts";

/** How long the record of a finished reply is kept for the timeline; of one that failed, as long as its dead letter. */
export const REPLY_RETENTION_MS = 14 * 24 * 3600 * 1000;

export type OutboxHead =
  | { readonly status: "lost" }
  | { readonly status: "empty" }
  | {
      readonly status: "reply";
      readonly replyId: string;
      readonly reply: StoredReply | undefined;
      /** Replies in the outbox, this one included. */
      readonly waiting: number;
    };

export type ChunkOutcome =
  | { readonly state: "sent"; readonly msgId: string; readonly responseCode?: string }
  /** Not sent for certain: the next try is a first one. */
  | { readonly state: "pending"; readonly code: string }
  | { readonly state: "failed"; readonly code: string }
  | { readonly state: "unknown"; readonly code: string };

/** skipped: a notice that something newer had made superfluous before it could be sent. */
export type FinishedStatus = "sent" | "failed" | "skipped";

export interface Outbox {
  /** Adds a reply outside a turn's answer; false when a reply of that id exists, or the turn's lock is lost. */
  append(plan: ReplyPlan, fence?: Fence): Promise<boolean>;
  head(conversation: string, fence: Fence): Promise<OutboxHead>;
  beginChunk(replyId: string, index: number, fence: Fence): Promise<"begun" | "settled" | "lost">;
  /** False when the lock is lost and the outcome is not a fact (see the script). */
  settleChunk(replyId: string, index: number, fence: Fence, outcome: ChunkOutcome): Promise<boolean>;
  /** Replaces a chunk's bytes, as a message of its own. False when the lock is lost. */
  rewriteChunk(
    replyId: string,
    index: number,
    fence: Fence,
    change: { readonly body: string; readonly mark?: ChunkMark; readonly media?: ChunkMedia },
  ): Promise<boolean>;
  finish(conversation: string, replyId: string, fence: Fence, status: FinishedStatus): Promise<boolean>;
  read(replyId: string): Promise<StoredReply | undefined>;
}

export function createOutbox(deps: { redis: Redis; keys: Keys; now: () => number }): Outbox {
  const { redis, keys, now } = deps;
  for (const script of [
    appendReplyScript,
    headScript,
    beginChunkScript,
    settleChunkScript,
    rewriteChunkScript,
    finishReplyScript,
  ]) {
    script.keepLoaded(redis);
  }
  const read = async (replyId: string) => readReply(replyId, await redis.hgetall(keys.reply(replyId)));

  return {
    read,
    async append(plan, fence) {
      const added = await appendReplyScript.run(
        redis,
        [
          fence?.lockKey ?? keys.outbox(plan.conversation),
          keys.outbox(plan.conversation),
          keys.pendingDeliveries,
          keys.reply(plan.id),
        ],
        [fence?.token ?? "", plan.conversation, now(), 1, ...replyArguments(plan)],
      );
      return added === 1;
    },
    async head(conversation, fence) {
      const [status, replyId = "", waiting = 0] = (await headScript.run(
        redis,
        [fence.lockKey, keys.outbox(conversation), keys.pendingDeliveries],
        [fence.token, conversation],
      )) as [OutboxHead["status"], string?, number?];
      return status === "reply" ? { status, replyId, reply: await read(replyId), waiting } : { status };
    },
    async beginChunk(replyId, index, fence) {
      const args = [fence.token, index, now()];
      const [status] = (await beginChunkScript.run(redis, [fence.lockKey, keys.reply(replyId)], args)) as [
        "begun" | "settled" | "lost",
      ];
      return status;
    },
    async settleChunk(replyId, index, fence, outcome) {
      const result = outcome.state === "sent" ? outcome.msgId : outcome.code;
      const responseCode = outcome.state === "sent" ? (outcome.responseCode ?? "") : "";
      const args = [fence.token, index, outcome.state, result, responseCode];
      return (await settleChunkScript.run(redis, [fence.lockKey, keys.reply(replyId)], args)) !== -1;
    },
    async rewriteChunk(replyId, index, fence, { body, mark, media }) {
      const keysOfReply = [fence.lockKey, keys.reply(replyId)];
      const file = media === undefined ? "" : JSON.stringify(media);
      const args = [fence.token, index, body, mark ?? "", file];
      return (await rewriteChunkScript.run(redis, keysOfReply, args)) === 1;
    },
    async finish(conversation, replyId, fence, status) {
      const keepMs = status === "failed" ? DEAD_LETTER_RETENTION_MS : REPLY_RETENTION_MS;
      const finished = await finishReplyScript.run(
        redis,
        [fence.lockKey, keys.outbox(conversation), keys.pendingDeliveries, keys.reply(replyId)],
        [fence.token, replyId, conversation, status, now(), keepMs],
      );
      return finished !== -1;
    },
  };
}
