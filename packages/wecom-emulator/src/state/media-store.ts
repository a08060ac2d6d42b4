import { randomBytes } from "node:crypto";
import { WECOM_LIMITS } from "../limits.ts";
import type { MediaType } from "../types.ts";
import { createBoundedLog } from "./bounded-log.ts";

export interface StoredMedia {
  readonly mediaId: string;
  readonly corpId: string;
  readonly type: MediaType;
  readonly filename: string;
  readonly contentType: string;
  readonly content: Buffer;
  readonly createdAtMs: number;
}

/** Temporary media: usable by every app of the corp for three days (doc 90253). */
export interface MediaStore {
  add(media: Omit<StoredMedia, "mediaId" | "createdAtMs">): StoredMedia;
  /** Undefined when unknown, of another corp, older than three days or forgotten. */
  find(corpId: string, mediaId: string): StoredMedia | undefined;
  /** For the chat page, which shows what was received even after the id has died. */
  peek(mediaId: string): StoredMedia | undefined;
  clear(): void;
}

export function createMediaStore(options: { nowMs: () => number; maxBytes: number }): MediaStore {
  const byId = new Map<string, StoredMedia>();
  const log = createBoundedLog<StoredMedia>({
    maxEntries: 10_000,
    maxWeight: options.maxBytes,
    onEvict: (media) => byId.delete(media.mediaId),
  });
  return {
    add(input) {
      const media = {
        ...input,
        mediaId: randomBytes(48).toString("base64url"),
        createdAtMs: options.nowMs(),
      };
      byId.set(media.mediaId, media);
      log.add(media, media.content.length);
      return media;
    },
    find(corpId, mediaId) {
      const media = byId.get(mediaId);
      if (media === undefined || media.corpId !== corpId) return undefined;
      return options.nowMs() - media.createdAtMs < WECOM_LIMITS.mediaTtlMs ? media : undefined;
    },
    peek: (mediaId) => byId.get(mediaId),
    clear() {
      byId.clear();
      log.clear();
    },
  };
}
