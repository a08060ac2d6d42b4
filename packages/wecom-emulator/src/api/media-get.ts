import { ApiError } from "../api-error.ts";
import { WECOM_LIMITS } from "../limits.ts";
import type { StoredMedia } from "../state/media-store.ts";
import type { ApiAnswer, ApiHandler } from "./api-types.ts";
import { authorize } from "./authorize.ts";

function readRange(header: string | undefined, size: number): { start: number; end: number } | undefined {
  const match = /^bytes=(\d{1,12})-(\d{0,12})$/.exec(header ?? "");
  if (match === null) return undefined;
  const start = Number(match[1]);
  const end = match[2] === "" ? size - 1 : Math.min(Number(match[2]), size - 1);
  return start <= end ? { start, end } : undefined;
}

/** A header value may hold no control characters and no quotes; Node sends it as latin1, so UTF-8 bytes go one by one. */
function headerFilename(filename: string): string {
  return Buffer.from(filename.replaceAll(/["\\\p{Cc}]/gu, "_"), "utf8").toString("latin1");
}

function answer(media: StoredMedia, range: { start: number; end: number } | undefined): ApiAnswer {
  const size = media.content.length;
  const content = range === undefined ? media.content : media.content.subarray(range.start, range.end + 1);
  return {
    kind: "binary",
    status: range === undefined ? 200 : 206,
    content,
    headers: {
      "Content-Type": media.contentType,
      "Content-disposition": `attachment; filename="${headerFilename(media.filename)}"`,
      ...(range === undefined ? {} : { "Content-Range": `bytes ${range.start}-${range.end}/${size}` }),
    },
  };
}

/** `GET /media/get` (doc 90254): the file itself, or an error as JSON, both with HTTP 200. */
export const getMedia: ApiHandler = (call, world) => {
  const app = authorize(call, world);
  const mediaId = call.query.get("media_id") ?? "";
  if (mediaId === "") throw new ApiError(41006);
  const media = world.media.find(app.corpId, mediaId);
  if (media === undefined) throw new ApiError(40007);
  const range = readRange(call.range, media.content.length);
  if (range === undefined && media.content.length > WECOM_LIMITS.mediaRangeBytes) throw new ApiError(830002);
  return answer(media, range);
};
