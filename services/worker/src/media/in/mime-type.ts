import { extname } from "node:path";
import type { SniffedKind } from "../sniff.ts";

const BY_CONTENT: Readonly<Record<Exclude<SniffedKind, "other">, string>> = {
  jpg: "image/jpeg",
  png: "image/png",
  gif: "image/gif",
  webp: "image/webp",
  mp4: "video/mp4",
  amr: "audio/amr",
};

/** What people send most; an agent looks for itself when it has to know. */
const BY_NAME: Readonly<Record<string, string>> = {
  ".pdf": "application/pdf",
  ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  ".doc": "application/msword",
  ".xls": "application/vnd.ms-excel",
  ".ppt": "application/vnd.ms-powerpoint",
  ".zip": "application/zip",
  ".json": "application/json",
  ".csv": "text/csv",
  ".md": "text/markdown",
  ".txt": "text/plain",
};

export function mimeType(kind: SniffedKind, name: string): string {
  if (kind !== "other") return BY_CONTENT[kind];
  return BY_NAME[extname(name).toLowerCase()] ?? "application/octet-stream";
}
