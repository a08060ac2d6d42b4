import type { ChunkMedia, Fence, Outbox, StoredChunk } from "@gateway/conversation";
import { z } from "zod";
import { backoffMs } from "../backoff.ts";
import type { UploadOutcome } from "../media/out/upload-file.ts";
import type { Failure } from "./choose-step.ts";
import type { SendOutcome } from "./send-outcome.ts";
import { outcomeOfError } from "./send-outcome.ts";

/** WeCom doc 90313: the media id is not known, or not any more. */
const MEDIA_ID_INVALID = "errcode_40007";

/** Uploads the file of a chunk. */
export type Upload = (media: ChunkMedia) => Promise<UploadOutcome>;

export type Supplied =
  | { readonly status: "ready"; readonly chunk: StoredChunk }
  | { readonly status: "postponed"; readonly code: string; readonly afterMs: number }
  | { readonly status: "failed"; readonly failure: Failure }
  | { readonly status: "lost" };

/** The part of a request that names the file; empty as long as it is not uploaded. */
export function mediaBody(mediaId: string | undefined): { media_id: string } {
  return { media_id: mediaId ?? "" };
}

/**
 * Sees to it that a chunk names a file that WeCom has: uploads what could not be uploaded when the reply was planned, and
 * once more what WeCom does not know any more. The new request is stored before it is sent.
 */
export async function supplyMedia(
  replyId: string,
  chunk: StoredChunk,
  fence: Fence,
  deps: { readonly outbox: Pick<Outbox, "rewriteChunk">; readonly upload: Upload },
): Promise<Supplied> {
  const { media } = chunk;
  const isExpired = chunk.result === MEDIA_ID_INVALID && media?.renewed !== true;
  // What may have been delivered keeps its bytes.
  if (media === undefined || chunk.state !== "pending" || !(isExpired || hasNoMediaId(chunk.body)))
    return { status: "ready", chunk };
  const outcome = await deps.upload(media);
  switch (outcome.status) {
    case "uploaded": {
      const renewed: ChunkMedia = isExpired ? { ...outcome.media, renewed: true } : outcome.media;
      const body = withMedia(chunk.body, renewed.type, outcome.mediaId);
      const isOurs = await deps.outbox.rewriteChunk(replyId, chunk.index, fence, { body, media: renewed });
      return isOurs ? { status: "ready", chunk: { ...chunk, body, media: renewed } } : { status: "lost" };
    }
    case "later":
      return afterError(outcome.error, chunk);
    case "refused":
      return { status: "failed", failure: { state: "failed", code: outcome.code, reason: outcome.reason } };
    case "gone":
      return { status: "failed", failure: GONE };
    default:
      return outcome satisfies never;
  }
}

/** A refused media id is no refused message: the chunk waits for its file to be uploaded again, once. */
export function retryWithNewMedia(outcome: SendOutcome, { media, state }: StoredChunk): SendOutcome {
  if (outcome.kind !== "refused" || outcome.code !== MEDIA_ID_INVALID || outcome.error === undefined)
    return outcome;
  if (media === undefined || media.renewed === true || state !== "pending") return outcome;
  return { kind: "retry", code: outcome.code, afterMs: 0, error: outcome.error };
}

const GONE: Failure = {
  state: "failed",
  code: "media_gone",
  reason:
    "WeCom does not have the file, and its copy is not in this worker's GATEWAY_MEDIA_DIR: it was cleaned away, or another worker keeps it in a directory of its own. Let all workers share that directory.",
};

function afterError(error: unknown, chunk: StoredChunk): Supplied {
  const attempt = chunk.attempts + 1;
  const outcome = outcomeOfError(error, attempt);
  switch (outcome.kind) {
    case "retry":
      return { status: "postponed", code: outcome.code, afterMs: outcome.afterMs };
    case "refused":
      return { status: "failed", failure: { state: "failed", code: outcome.code, reason: outcome.reason } };
    default:
      // However the upload ended, another one does no harm.
      return { status: "postponed", code: outcome.kind, afterMs: backoffMs(attempt) };
  }
}

const request = z.looseObject({ msgtype: z.string() });
const named = z.object({ media_id: z.string() });

function hasNoMediaId(body: string): boolean {
  const parsed = request.parse(JSON.parse(body));
  return named.safeParse(parsed[parsed.msgtype]).data?.media_id === "";
}

function withMedia(body: string, type: ChunkMedia["type"], mediaId: string): string {
  const { msgtype, ...rest } = request.parse(JSON.parse(body));
  const { [msgtype]: _before, ...envelope } = rest;
  return JSON.stringify({ ...envelope, msgtype: type, [type]: mediaBody(mediaId) });
}
