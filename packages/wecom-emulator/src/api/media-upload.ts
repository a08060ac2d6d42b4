import { ApiError } from "../api-error.ts";
import type { ApiHandler } from "./api-types.ts";
import { ok } from "./api-types.ts";
import { authorize } from "./authorize.ts";
import { checkMedia, isMediaType } from "./media-checks.ts";
import { readUploadedFile } from "./multipart.ts";

/** `POST /media/upload` (doc 90253). An empty body is refused before anybody looks at the token. */
export const uploadMedia: ApiHandler = (call, world) => {
  if (call.body.length === 0 && !call.bodyTooLarge) throw new ApiError(44001);
  const app = authorize(call, world);
  const type = call.query.get("type") ?? "";
  if (!isMediaType(type)) throw new ApiError(40005);
  if (call.bodyTooLarge) throw new ApiError(45001);
  const file = readUploadedFile(call.body, call.contentType);
  checkMedia(type, file.content);
  // Copied: the part is a view into the whole request body, which must not stay in memory.
  const media = world.media.add({ ...file, content: Buffer.from(file.content), corpId: app.corpId, type });
  return ok({ type, media_id: media.mediaId, created_at: String(Math.floor(media.createdAtMs / 1000)) });
};
