import type { MediaType } from "@gateway/wecom-client";
import { MEDIA_LIMIT_BYTES, safeFileName } from "@gateway/wecom-client";
import type { SniffedKind } from "../sniff.ts";

/** WeCom doc 90253. */
const VOICE_LIMIT_SECONDS = 60;

export interface FileFacts {
  readonly kind: SniffedKind;
  readonly sizeBytes: number;
  /** Of an AMR file. */
  readonly seconds?: number;
}

const TYPES: Partial<Record<SniffedKind, MediaType>> = {
  jpg: "image",
  png: "image",
  amr: "voice",
  mp4: "video",
};

/** How WeCom takes a file (WeCom doc 90253): what does not fit its own kind goes as a file. */
export function chooseMediaType({ kind, sizeBytes, seconds = 0 }: FileFacts, asDocument: boolean): MediaType {
  const type = TYPES[kind] ?? "file";
  if (type === "image" && asDocument) return "file";
  if (sizeBytes > MEDIA_LIMIT_BYTES[type]) return "file";
  return type === "voice" && seconds > VOICE_LIMIT_SECONDS ? "file" : type;
}

const EXTENSIONS: Readonly<Record<SniffedKind, readonly string[]>> = {
  jpg: ["jpg", "jpeg"],
  png: ["png"],
  gif: ["gif"],
  webp: ["webp"],
  amr: ["amr"],
  mp4: ["mp4", "m4v"],
  other: [],
};

/** The name the person sees. Its ending is made to fit what the file is, where WeCom asks for that or it has none. */
export function uploadName(name: string, kind: SniffedKind, type: MediaType): string {
  const safe = safeFileName(name);
  const [first, ...others] = EXTENSIONS[kind];
  if (first === undefined) return safe;
  const ending = /\.([^.]{1,10})$/.exec(safe)?.[1]?.toLowerCase();
  const accepted = type === "video" ? [first] : [first, ...others];
  if (ending !== undefined && (accepted.includes(ending) || type === "file")) return safe;
  return `${ending === undefined ? safe : safe.slice(0, -ending.length - 1)}.${first}`;
}
