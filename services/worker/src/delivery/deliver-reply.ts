import type { ChunkOutcome, Fence, Outbox, StoredChunk, StoredReply } from "@gateway/conversation";
import type { Texts } from "@gateway/texts";
import type { SendMessageResult } from "@gateway/wecom-client";
import type { Logger } from "pino";
import { backoffMs } from "../backoff.ts";
import type { Failure, SendPolicy } from "./choose-step.ts";
import { chooseStep } from "./choose-step.ts";
import { fallbackOf } from "./fallback.ts";
import { markBody } from "./mark-body.ts";
import type { Upload } from "./media-chunk.ts";
import { retryWithNewMedia, supplyMedia } from "./media-chunk.ts";
import { DEFAULT_REPLY_OPTIONS } from "./reply-options.ts";
import type { SendGate } from "./send-gate.ts";
import type { SendOutcome } from "./send-outcome.ts";
import { outcomeOfError, outcomeOfResult } from "./send-outcome.ts";

const NO_APP_PAUSE_MS = 30_000;

export type DeliveryResult =
  | { readonly status: "sent" }
  | { readonly status: "failed"; readonly code: string; readonly reason: string }
  | { readonly status: "postponed"; readonly afterMs: number }
  /** Our lock is gone; whoever has it goes on. */
  | { readonly status: "lost" };

/** The app that the message came from, as far as delivery needs it. */
export interface SendingApp {
  /** Posts final request bytes. */
  readonly send: (body: string) => Promise<SendMessageResult>;
  readonly upload: Upload;
  readonly gate: SendGate;
  readonly policy: SendPolicy;
  readonly texts: Pick<Texts, "card" | "delivery" | "duration">;
}

export interface DeliveryDeps {
  readonly outbox: Outbox;
  /** Undefined while that app is not configured. */
  readonly app: SendingApp | undefined;
  /** Once aborted, no further chunk leaves from here: the worker ends, or the job is not its own any more. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
  readonly now: () => number;
}

/**
 * Carries out a plan from the first chunk that is not sent. A chunk is marked before its request leaves and
 * settled after; the next one waits for that. Nothing here can be reordered or skipped by a crash.
 */
export async function deliverReply(
  reply: StoredReply,
  fence: Fence,
  deps: DeliveryDeps,
): Promise<DeliveryResult> {
  const { app } = deps;
  const policy: SendPolicy = app?.policy ?? DEFAULT_REPLY_OPTIONS;
  let isLateTold = reply.chunks.some(({ mark }) => mark === "late");
  for (const stored of reply.chunks) {
    const step = chooseStep(reply, stored, deps.now(), policy, isLateTold);
    let chunk = stored;
    if (step.do === "skip") continue;
    if (deps.signal.aborted) return { status: "postponed", afterMs: 0 };
    if (step.do === "fail") return fail(reply, stored, step.failure, fence, deps);
    if (app === undefined) return { status: "postponed", afterMs: NO_APP_PAUSE_MS };
    if (step.do === "mark") {
      const body = markBody(stored.body, step.mark, deps.now() - reply.createdAtMs, app.texts);
      if (body === undefined) return fail(reply, stored, step.otherwise, fence, deps);
      const { mark } = step;
      if (!(await deps.outbox.rewriteChunk(reply.id, stored.index, fence, { body, mark })))
        return { status: "lost" };
      chunk = { ...stored, body, mark, state: "pending", firstSentAtMs: undefined };
      isLateTold ||= mark === "late";
    }
    const supplied = await supplyMedia(reply.id, chunk, fence, { outbox: deps.outbox, upload: app.upload });
    if (supplied.status === "failed") return fail(reply, chunk, supplied.failure, fence, deps);
    if (supplied.status !== "ready") return supplied;
    const result = await sendChunk(reply, supplied.chunk, fence, app, deps);
    if (result !== undefined) return result;
  }
  return { status: "sent" };
}

async function fail(
  reply: StoredReply,
  chunk: StoredChunk,
  { state, code, reason }: Failure,
  fence: Fence,
  deps: DeliveryDeps,
): Promise<DeliveryResult> {
  const settled = await deps.outbox.settleChunk(reply.id, chunk.index, fence, { state, code });
  return settled ? { status: "failed", code, reason } : { status: "lost" };
}

/** Undefined when the chunk is sent and the next one may follow. */
async function sendChunk(
  reply: StoredReply,
  chunk: StoredChunk,
  fence: Fence,
  app: SendingApp,
  deps: DeliveryDeps,
): Promise<DeliveryResult | undefined> {
  const { outbox, now, logger } = deps;
  const line = { replyId: reply.id, messageIds: reply.messageIds, chunk: chunk.index };
  const admission = await app.gate.enter(reply.kind);
  if (!admission.ok) {
    const { why, afterMs } = admission;
    logger.debug({ ...line, why, afterMs }, "send waits");
    return { status: "postponed", afterMs };
  }
  const { pass } = admission;
  if ((await outbox.beginChunk(reply.id, chunk.index, fence)) !== "begun") {
    await pass.cancel();
    return { status: "lost" };
  }
  const startedAtMs = now();
  const outcome = await attempt(app.send, chunk);
  const code = outcome.kind === "sent" ? undefined : outcome.code;
  const ms = now() - startedAtMs;
  logger.info(
    { ...line, of: reply.chunks.length, attempt: chunk.attempts + 1, outcome: outcome.kind, code, ms },
    "send",
  );

  const fallback = fallbackOf(outcome, chunk);
  if (fallback !== undefined) {
    const isOurs = await outbox.rewriteChunk(reply.id, chunk.index, fence, { body: fallback });
    await pass.settle(outcome);
    return isOurs ? { status: "postponed", afterMs: 0 } : { status: "lost" };
  }
  // What is known of the chunk comes first: it is what a crash must not forget.
  const news = settlementOf(outcome, chunk);
  const settled = news === undefined || (await outbox.settleChunk(reply.id, chunk.index, fence, news));
  const gateMs = await pass.settle(outcome);
  // That it was sent is true whoever has the lock; the next chunk's begin will notice.
  if (outcome.kind === "sent") return undefined;
  if (!settled) return { status: "lost" };
  if (outcome.kind === "refused") return { status: "failed", code: outcome.code, reason: outcome.reason };
  const ownMs = outcome.kind === "retry" ? outcome.afterMs : backoffMs(chunk.attempts + 1);
  return { status: "postponed", afterMs: gateMs > 0 ? gateMs : ownMs };
}

/** What is stored of an outcome; undefined where the chunk's outcome stays as open as it was. */
function settlementOf(outcome: SendOutcome, chunk: StoredChunk): ChunkOutcome | undefined {
  switch (outcome.kind) {
    case "sent":
      return {
        state: "sent",
        msgId: outcome.msgId,
        ...(outcome.responseCode === undefined ? {} : { responseCode: outcome.responseCode }),
      };
    case "refused":
      return { state: "failed", code: outcome.code };
    case "retry":
      // A chunk that was already under way before this try may have arrived then: it stays "sending".
      return chunk.state === "pending" ? { state: "pending", code: outcome.code } : undefined;
    case "unknown":
      return undefined;
    default:
      return outcome satisfies never;
  }
}

async function attempt(send: SendingApp["send"], chunk: StoredChunk): Promise<SendOutcome> {
  try {
    return outcomeOfResult(await send(chunk.body));
  } catch (error) {
    return retryWithNewMedia(outcomeOfError(error, chunk.attempts + 1), chunk);
  }
}
