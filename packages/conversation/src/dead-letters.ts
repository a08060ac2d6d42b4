import type { Job, Queue } from "bullmq";
import type { Redis } from "ioredis";
import { z } from "zod";
import { LETTER_PLACES } from "./dead-letter-retention.ts";
import type { InboundMessage } from "./inbound-message.ts";
import type { Keys } from "./keys.ts";
import type { MailboxEntry } from "./mailbox-entry.ts";
import { readEntry } from "./mailbox-entry.ts";
import type { Outbox } from "./outbox.ts";
import type { DeadJob } from "./queues.ts";
import { deadJobSchema, wakeConversation } from "./queues.ts";
import type { ChunkMedia, StoredChunk } from "./reply.ts";
import type { Timelines } from "./timeline.ts";
import type { TurnControl } from "./turn-control.ts";

/** Something that could not be handled and waits for a person's decision. */
export interface DeadLetter extends DeadJob {
  readonly id: string;
  /** Of a reply whose record is still kept: how many of its parts were sent. */
  readonly parts: { readonly sent: number; readonly total: number } | undefined;
}

/**
 * as: the new ids. gone: no such letter, somebody else may have decided. not_stored: what it was made of is
 * no longer kept. unreadable: this version cannot read it. full: too much waits in that mailbox.
 */
export type Replayed =
  | { readonly status: "replayed"; readonly as: readonly string[] }
  | { readonly status: "gone" | "not_stored" | "unreadable" | "full" };

export interface DeadLetters {
  /** Newest first. */
  list(page: { offset: number; limit: number }): Promise<{ letters: readonly DeadLetter[]; total: number }>;
  read(id: string): Promise<DeadLetter | undefined>;
  /**
   * A message goes back into its mailbox, a reply's parts that were not sent go back into the outbox, under new
   * ids that follow from the old ones: a replay that was cut off may be repeated. `by` is who decided.
   */
  replay(id: string, by: string): Promise<Replayed>;
  /** Forgets it for good. False when there is no such letter. */
  drop(id: string, by: string): Promise<boolean>;
}

interface Deps {
  readonly redis: Redis;
  readonly keys: Keys;
  readonly queues: { readonly dead: Queue; readonly turns: Queue; readonly deliver: Queue };
  readonly turnControl: Pick<TurnControl, "enqueue">;
  readonly outbox: Pick<Outbox, "append" | "read">;
  readonly timelines: Pick<Timelines, "append" | "read">;
  readonly now: () => number;
}

export function createDeadLetters(deps: Deps): DeadLetters {
  const { redis, keys, queues, outbox, timelines } = deps;
  const find = async (id: string) => {
    const job: Job | undefined = await queues.dead.getJob(id);
    const data = deadJobSchema.safeParse(job?.data);
    return job === undefined || !data.success ? undefined : { job, letter: data.data };
  };
  const forget = async (job: Job) => {
    await job.remove();
    await redis.del(keys.deadLetter(job.id ?? ""));
  };
  const describe = async (id: string, letter: DeadJob): Promise<DeadLetter> => {
    const reply = letter.replyId === undefined ? undefined : await outbox.read(letter.replyId);
    const sent = reply?.chunks.filter(({ state }) => state === "sent").length ?? 0;
    return { id, ...letter, parts: reply && { sent, total: reply.chunks.length } };
  };
  return {
    async list({ offset, limit }) {
      const [jobs, total] = await Promise.all([
        queues.dead.getJobs([...LETTER_PLACES], offset, offset + limit - 1, false),
        queues.dead.getJobCountByTypes(...LETTER_PLACES),
      ]);
      const letters = jobs.flatMap((job) => {
        const data = deadJobSchema.safeParse(job?.data);
        return data.success ? [describe(job.id ?? "", data.data)] : [];
      });
      return { letters: await Promise.all(letters), total };
    },
    async read(id) {
      const found = await find(id);
      return found && describe(id, found.letter);
    },
    async replay(id, by) {
      const found = await find(id);
      if (found === undefined) return { status: "gone" };
      const { job, letter } = found;
      const result =
        letter.what === "message"
          ? await replayMessages(id, letter, by, deps)
          : await replayReply(letter, deps);
      if (result.status !== "replayed") return result;
      await timelines.append(letter.messageIds, { type: "replayed", as: [...result.as], by });
      await forget(job);
      return result;
    },
    async drop(id, by) {
      const found = await find(id);
      if (found === undefined) return false;
      await timelines.append(found.letter.messageIds, { type: "dropped", by });
      await forget(found.job);
      return true;
    },
  };
}

async function replayMessages(id: string, letter: DeadJob, by: string, deps: Deps): Promise<Replayed> {
  const { conversation } = letter;
  const stored = await deps.redis.get(deps.keys.deadLetter(id));
  if (stored === null) return { status: "not_stored" };
  const messages = z.array(z.string()).parse(JSON.parse(stored)).map(readEntry).flatMap(messageOf);
  const [first] = messages;
  if (first === undefined) return { status: "unreadable" };
  // One turn again, as they were, whatever else waits.
  const again = messages.map((message) => renewed(message, replayId(first.id), deps.now()));
  for (const [index, message] of again.entries()) {
    const added = await deps.turnControl.enqueue(conversation, message, "tail");
    if (added === "full") return { status: "full" };
    const of = messages[index]?.id ?? first.id;
    const event = { type: "again", conversation, app: message.appName, of, by } as const;
    // An earlier replay may have been cut off between the two.
    const isTold = added === "repeated" && (await isKnown(message.id, deps));
    if (!isTold) await deps.timelines.append([message.id], event);
  }
  await wakeConversation(deps.queues.turns, conversation);
  return { status: "replayed", as: again.map((message) => message.id) };
}

async function isKnown(messageId: string, { timelines }: Deps): Promise<boolean> {
  const { events } = await timelines.read(messageId);
  return events.some(({ type }) => type === "again");
}

async function replayReply(letter: DeadJob, deps: Deps): Promise<Replayed> {
  const reply = letter.replyId === undefined ? undefined : await deps.outbox.read(letter.replyId);
  const left = reply?.chunks.filter(({ state }) => state !== "sent") ?? [];
  if (reply === undefined || left.length === 0) return { status: "not_stored" };
  const id = replayId(reply.id);
  const { kind, conversation, messageIds, recalls, traceparent } = reply;
  const about = { id, kind, conversation, messageIds, recalls, traceparent, createdAtMs: deps.now() };
  const parts = { chunks: left.map(({ body }) => body), media: mediaOf(left), fallbacks: fallbacksOf(left) };
  // The identical bytes: where the first sending did arrive and is not long ago, WeCom recognises them.
  await deps.outbox.append({ ...about, ...parts });
  await wakeConversation(deps.queues.deliver, conversation);
  return { status: "replayed", as: [id] };
}

/** A file may be uploaded again: media ids are good for three days. */
function mediaOf(chunks: readonly StoredChunk[]): Record<number, ChunkMedia> {
  return Object.fromEntries(
    chunks.flatMap(({ media }, index) => {
      if (media === undefined) return [];
      const { renewed: _renewed, ...file } = media;
      return [[index, file]];
    }),
  );
}

function fallbacksOf(chunks: readonly StoredChunk[]): Record<number, string> {
  return Object.fromEntries(
    chunks.flatMap(({ fallback }, index) => (fallback === undefined ? [] : [[index, fallback]])),
  );
}

function messageOf({ message }: MailboxEntry): InboundMessage[] {
  return message === undefined ? [] : [message];
}

function renewed(
  { steer: _steer, ...message }: InboundMessage,
  ownTurn: string,
  nowMs: number,
): InboundMessage {
  return { ...message, id: replayId(message.id), receivedAtMs: nowMs, ownTurn };
}

/** "x" becomes "x-replay-1", that becomes "x-replay-2". */
function replayId(id: string): string {
  const [, origin = id, count = "0"] = /^(.*)-replay-(\d{1,6})$/s.exec(id) ?? [];
  return `${origin}-replay-${Number(count) + 1}`;
}
