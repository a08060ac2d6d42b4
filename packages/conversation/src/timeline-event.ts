import { z } from "zod";
import { replyKinds } from "./reply.ts";

const id = z.string().min(1).max(512);
const name = z.string().max(256);
const code = z.string().max(128);
const count = z.number().int().nonnegative();

/** One send of one part: sent, refused for good, certainly not delivered, or nobody knows. */
const sendOutcomes = ["sent", "refused", "not_sent", "unknown"] as const;

const eventKinds = [
  /** WeCom's push was taken; `lane` is where it went. */
  z.object({
    type: z.literal("accepted"),
    conversation: id,
    app: name,
    kind: name,
    lane: z.enum(["turn", "control"]),
  }),
  /** Asked for through the API instead. */
  z.object({ type: z.literal("requested"), conversation: id, app: name, kind: name }),
  /** An operator gave a dead letter's message to the agent again, as this one. */
  z.object({ type: z.literal("again"), conversation: id, app: name, of: id, by: name }),
  z.object({ type: z.literal("claimed"), conversation: id, turnId: id, attempt: count, messages: count }),
  /** A run took the message in while it ran. */
  z.object({ type: z.literal("joined"), turnId: id }),
  /** The turn was given back unharmed: a deploy, or an app that is not configured. */
  z.object({ type: z.literal("released") }),
  z.object({ type: z.literal("run_started"), attempt: count, runner: name }),
  z.object({
    type: z.literal("run_ended"),
    result: z.enum(["done", "failed", "cancelled"]),
    runner: name.optional(),
    code: code.optional(),
    stopped: name.optional(),
    ms: count,
  }),
  /** The reply's parts are stored, final to the byte. */
  z.object({ type: z.literal("planned"), replyId: id, kind: z.enum(replyKinds), parts: count }),
  /** It ended without anything to say: the person stopped it, or it was a pressed button. */
  z.object({ type: z.literal("no_reply") }),
  /** It may not be sent now: a limit of WeCom's, or the app itself does not work. */
  z.object({ type: z.literal("held"), why: name, replyId: id, kind: z.enum(replyKinds) }),
  z.object({
    type: z.literal("send"),
    replyId: id,
    kind: z.enum(replyKinds),
    part: count,
    parts: count,
    attempt: count,
    outcome: z.enum(sendOutcomes),
    code: code.optional(),
    ms: count,
  }),
  /** The reply has left the outbox. */
  z.object({
    type: z.literal("finished"),
    replyId: id,
    kind: z.enum(replyKinds),
    status: z.enum(["sent", "failed", "skipped"]),
  }),
  /** A notice was taken back because the answer is there. */
  z.object({ type: z.literal("recalled"), ok: z.boolean() }),
  /** A card was shown in its final state. */
  z.object({ type: z.literal("card_updated"), ok: z.boolean() }),
  z.object({ type: z.literal("dead"), what: z.enum(["message", "reply"]), deadId: id, code }),
  z.object({ type: z.literal("replayed"), as: z.array(id), by: name }),
  z.object({ type: z.literal("dropped"), by: name }),
  /** It waited and was dropped before a turn began with it: the person said so, or may not talk to the app any more. */
  z.object({ type: z.literal("cleared"), why: z.enum(["command", "revoked"]) }),
] as const;

/** What can happen to a message. No content, ever: only names, ids, codes and figures. */
const timelineEventSchema = z.discriminatedUnion("type", eventKinds);
export type TimelineEvent = z.infer<typeof timelineEventSchema>;

const stamp = z.object({
  atMs: z.number().int(),
  /** The worker that saw it. */
  worker: name.optional(),
});

/** Stands where a very long story was cut in the middle. */
const omitted = z.object({ type: z.literal("omitted"), count });

const storedEventSchema = z.union([
  z.intersection(stamp, timelineEventSchema),
  z.intersection(stamp, omitted),
]);
export type StoredTimelineEvent = z.infer<typeof storedEventSchema>;

/** Undefined for what this version does not know: a timeline is read, never relied upon. */
export function readTimelineEvent(json: string): StoredTimelineEvent | undefined {
  try {
    return storedEventSchema.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}
