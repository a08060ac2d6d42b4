import { ApiError } from "../api-error.ts";
import { WECOM_LIMITS } from "../limits.ts";
import type { Cut } from "../state/message-log.ts";
import type { MediaType } from "../types.ts";
import { cutBytes } from "../view/cut-bytes.ts";
import type { ShownMedia } from "../view/shown-content.ts";
import type { World } from "../world.ts";
import type { JsonObject } from "./request-fields.ts";
import { hasScheme, text } from "./request-fields.ts";

/** Reads the fields of one message and notes every cut. */
export interface ContentReader {
  /** A field that WeCom shortens when it is too long. */
  cut(object: JsonObject, field: string, limitBytes: number): string;
  /** As `cut`, but an empty field answers `errcode`. */
  required(object: JsonObject, field: string, limitBytes: number, errcode: number): string;
  url(object: JsonObject, field: string): string;
  media(object: JsonObject, type: MediaType, field?: string): ShownMedia;
  readonly cuts: Cut[];
}

export function createContentReader(corpId: string, world: World): ContentReader {
  const cuts: Cut[] = [];

  function cut(object: JsonObject, field: string, limitBytes: number): string {
    const whole = text(object, field);
    const kept = cutBytes(whole, limitBytes);
    if (kept.length !== whole.length) {
      cuts.push({ field, bytes: Buffer.byteLength(whole), keptBytes: Buffer.byteLength(kept) });
    }
    return kept;
  }

  return {
    cuts,
    cut,
    required(object, field, limitBytes, errcode) {
      if (text(object, field) === "") throw new ApiError(errcode, `${field} is empty`);
      return cut(object, field, limitBytes);
    },
    url(object, field) {
      const url = text(object, field);
      if (Buffer.byteLength(url) > WECOM_LIMITS.urlBytes) throw new ApiError(40039, field);
      if (!hasScheme(url)) throw new ApiError(40094, `${field} needs http:// or https://`);
      return url;
    },
    media(object, type, field = "media_id") {
      const mediaId = text(object, field);
      const media = world.media.find(corpId, mediaId);
      // Unknown, older than three days and of the wrong type are one code (doc 90313, 40007).
      if (media === undefined || media.type !== type) throw new ApiError(40007);
      const { filename, contentType } = media;
      return { mediaId, filename, contentType, sizeBytes: media.content.length };
    },
  };
}
