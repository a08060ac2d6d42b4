import type { ChunkMedia } from "@gateway/conversation";
import type { WecomClient } from "@gateway/wecom-client";
import { WecomError } from "@gateway/wecom-client";
import type { Spool } from "./spool.ts";

export type UploadOutcome =
  | { readonly status: "uploaded"; readonly mediaId: string; readonly media: ChunkMedia }
  /** It may pass; uploading again harms nobody. */
  | { readonly status: "later"; readonly error: unknown }
  | { readonly status: "refused"; readonly code: string; readonly reason: string }
  /** The copy is not in this worker's directory. */
  | { readonly status: "gone" };

/** Uploads a spooled file. What WeCom does not take as a picture, voice or video goes as a file. */
export async function uploadFile(
  media: ChunkMedia,
  deps: { readonly client: Pick<WecomClient, "uploadMedia">; readonly spool: Spool },
): Promise<UploadOutcome> {
  const file = await deps.spool.open(media.spoolId);
  if (file === undefined) return { status: "gone" };
  try {
    const { type, filename, sizeBytes } = media;
    const content = () => file.createReadStream({ start: 0, autoClose: false });
    const { mediaId } = await deps.client.uploadMedia({ type, filename, sizeBytes, content });
    return { status: "uploaded", mediaId, media };
  } catch (error) {
    if (!(error instanceof WecomError) || error.kind !== "content") return { status: "later", error };
    if (media.type === "file") return { status: "refused", code: error.code, reason: error.hint };
  } finally {
    await file.close();
  }
  return uploadFile({ ...media, type: "file" }, deps);
}
