import { z } from "zod";

export const replyKinds = ["answer", "failure", "system", "notice"] as const;
export type ReplyKind = (typeof replyKinds)[number];

const mediaTypes = ["image", "voice", "video", "file"] as const;

const chunkMediaSchema = z.object({
  /** Names the copy in the worker's media directory. */
  spoolId: z.string(),
  type: z.enum(mediaTypes),
  filename: z.string(),
  sizeBytes: z.number().int().nonnegative(),
  /** WeCom did not know its media id any more, and it was uploaded again. That is done once. */
  renewed: z.literal(true).optional(),
});

/** The file that a chunk sends, for an upload that has to be made later or again. */
export type ChunkMedia = z.infer<typeof chunkMediaSchema>;

const cardUpdateSchema = z.object({
  /** The reply that sent the card. */
  replyId: z.string(),
  /** The card in its final state, with WeCom's field names. */
  card: z.looseObject({}),
  /** Stands, grey, in place of the buttons. */
  buttonText: z.string(),
  /** From the event of a pressed button; without one, or when it is spent, that of the sent card counts. */
  responseCode: z.string().optional(),
  /** A card that cannot be brought up to date is taken back. */
  orRecall: z.literal(true).optional(),
});

/** A card that is to be shown in its final state. Each response code of WeCom's is good for one update. */
export type CardUpdate = z.infer<typeof cardUpdateSchema>;

/** A reply, split into the exact request bodies that will be posted, stored before the first of them leaves. */
export interface ReplyPlan {
  /** Derived from what it answers, so that planning twice makes one reply. */
  readonly id: string;
  readonly kind: ReplyKind;
  readonly conversation: string;
  readonly messageIds: readonly string[];
  readonly createdAtMs: number;
  /** Final `message/send` request bytes, in the order in which they must arrive. */
  readonly chunks: readonly string[];
  /** The files that chunks send, by the chunk's index. */
  readonly media?: Readonly<Record<number, ChunkMedia>>;
  /** What is sent in place of a chunk that WeCom refuses, by the chunk's index: a text for a card. */
  readonly fallbacks?: Readonly<Record<number, string>>;
  /** Replies (notices) that this one makes superfluous: taken back once it is there. */
  readonly recalls?: readonly string[];
  /** The trace that its sends belong to, where tracing is on. */
  readonly traceparent?: string | undefined;
  /** Cards whose final state is known with this reply. */
  readonly updates?: readonly CardUpdate[];
}

/**
 * pending: not sent for certain. sending: a request left or was about to; the outcome is not recorded yet, so
 * after a crash it is unknown. sent, failed, unknown: final.
 */
export const chunkStates = ["pending", "sending", "sent", "failed", "unknown"] as const;
export type ChunkState = (typeof chunkStates)[number];

export const chunkMarks = ["late", "duplicate"] as const;
export type ChunkMark = (typeof chunkMarks)[number];

export interface StoredChunk {
  readonly index: number;
  readonly body: string;
  readonly state: ChunkState;
  /** How often sending it was begun. */
  readonly attempts: number;
  /** When sending it was first begun; the duplicate check of WeCom counts from here. */
  readonly firstSentAtMs: number | undefined;
  /** WeCom's msgid of a sent chunk, the latest error code of one that is not. */
  readonly result: string | undefined;
  /** What its text was made to say in front: that it comes late, or that it may be a repetition. */
  readonly mark: ChunkMark | undefined;
  readonly media?: ChunkMedia | undefined;
  readonly fallback?: string | undefined;
  /** Of a card that was sent: lets it be updated, once, within 72 hours (WeCom doc 90236). */
  readonly responseCode?: string | undefined;
}

export interface StoredReply
  extends Omit<ReplyPlan, "chunks" | "media" | "fallbacks" | "recalls" | "updates"> {
  readonly recalls: readonly string[];
  readonly updates: readonly CardUpdate[];
  readonly chunks: readonly StoredChunk[];
}

/** The hash that stores a plan, as field, value, field, value. */
function replyFields(plan: ReplyPlan): string[] {
  const fields = [
    ...["kind", plan.kind],
    ...["conversation", plan.conversation],
    ...["messageIds", JSON.stringify(plan.messageIds)],
    ...["createdAtMs", String(plan.createdAtMs)],
    ...["chunks", String(plan.chunks.length)],
    ...["recalls", JSON.stringify(plan.recalls ?? [])],
    ...(plan.traceparent === undefined ? [] : ["traceparent", plan.traceparent]),
    ...["updates", JSON.stringify(plan.updates ?? [])],
  ];
  for (const [index, body] of plan.chunks.entries())
    fields.push(`body:${index}`, body, `state:${index}`, "pending");
  for (const [index, media] of Object.entries(plan.media ?? {}))
    fields.push(`media:${index}`, JSON.stringify(media));
  for (const [index, body] of Object.entries(plan.fallbacks ?? {})) fields.push(`fallback:${index}`, body);
  return fields;
}

/** Id, number of fields, fields: how a script is given a plan. See APPEND_PLANS. */
export function replyArguments(plan: ReplyPlan): (string | number)[] {
  const fields = replyFields(plan);
  return [plan.id, fields.length, ...fields];
}

/**
 * Lua that stores plans and appends them to an outbox, each once. Expects the locals firstReply (index of the
 * first reply's key), planCount, at (index of the first plan's arguments), outbox, outboxOf (the conversation
 * whose outbox it is), deliveries and now.
 */
export const APPEND_PLANS = `
for i = 0, planCount - 1 do
  local reply, replyId, fieldCount = KEYS[firstReply + i], ARGV[at], tonumber(ARGV[at + 1])
  if redis.call('EXISTS', reply) == 0 then
    for field = at + 2, at + fieldCount, 2 do redis.call('HSET', reply, ARGV[field], ARGV[field + 1]) end
    redis.call('RPUSH', outbox, replyId)
    redis.call('ZADD', deliveries, 'NX', now, outboxOf)
  end
  at = at + 2 + fieldCount
end`;

const idList = z.string().transform((json) => z.array(z.string()).parse(JSON.parse(json)));

const updateList = z.string().transform((json) => z.array(cardUpdateSchema).parse(JSON.parse(json)));

const storedHead = z.object({
  kind: z.enum(replyKinds),
  conversation: z.string().min(1),
  messageIds: idList,
  recalls: idList.prefault("[]"),
  updates: updateList.prefault("[]"),
  createdAtMs: z.coerce.number().int(),
  chunks: z.coerce.number().int().nonnegative(),
  traceparent: z.string().optional(),
});

/** Reads the hash back; undefined when there is none (a reply whose retention has passed). */
export function readReply(id: string, hash: Record<string, string>): StoredReply | undefined {
  if (Object.keys(hash).length === 0) return undefined;
  const { chunks: count, ...head } = storedHead.parse(hash);
  const chunks = Array.from({ length: count }, (_, index): StoredChunk => {
    const firstSentAt = hash[`first:${index}`];
    return {
      index,
      body: hash[`body:${index}`] ?? "",
      state: z.enum(chunkStates).parse(hash[`state:${index}`]),
      attempts: Number(hash[`attempts:${index}`] ?? 0),
      firstSentAtMs: firstSentAt === undefined ? undefined : Number(firstSentAt),
      result: hash[`result:${index}`],
      mark: z.enum(chunkMarks).optional().parse(hash[`mark:${index}`]),
      media: readMedia(hash[`media:${index}`]),
      fallback: hash[`fallback:${index}`],
      responseCode: hash[`code:${index}`],
    };
  });
  return { id, ...head, chunks };
}

function readMedia(json: string | undefined): ChunkMedia | undefined {
  return json === undefined ? undefined : chunkMediaSchema.parse(JSON.parse(json));
}
