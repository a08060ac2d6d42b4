import type { FileHandle } from "node:fs/promises";

/** What a file is by its content; names and headers are not believed. */
export type SniffedKind = "jpg" | "png" | "gif" | "webp" | "mp4" | "amr" | "other";

const SNIFF_BYTES = 16;
const AMR_MAGIC = "#!AMR\n";
/** Bytes of one 20 ms frame of AMR narrow band, header byte included, by frame type (RFC 4867). */
const AMR_FRAME_BYTES = [13, 14, 16, 18, 20, 21, 27, 32, 6];
const AMR_FRAMES_PER_SECOND = 50;
/** Brands of MP4 itself; QuickTime, HEIC and audio share its container. */
const MP4_BRANDS = /^(iso[m0-9]|mp4[12]|avc1|M4V |dash|mmp4|MSNV)$/;

export function sniffKind(head: Buffer): SniffedKind {
  const latin = head.toString("latin1", 0, SNIFF_BYTES);
  if (latin.startsWith("\xff\xd8\xff")) return "jpg";
  if (latin.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (/^GIF8[79]a/.test(latin)) return "gif";
  if (/^RIFF.{4}WEBP/s.test(latin)) return "webp";
  if (latin.startsWith(AMR_MAGIC)) return "amr";
  return latin.slice(4, 8) === "ftyp" && MP4_BRANDS.test(latin.slice(8, 12)) ? "mp4" : "other";
}

/** Length of an AMR file in seconds. */
export function amrSeconds(content: Buffer): number {
  let frames = 0;
  for (let at = AMR_MAGIC.length; at < content.length; frames += 1) {
    at += AMR_FRAME_BYTES[((content[at] ?? 0) >> 3) & 0x0f] ?? 1;
  }
  return frames / AMR_FRAMES_PER_SECOND;
}

export async function readHead(file: FileHandle): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFF_BYTES), 0, SNIFF_BYTES, 0);
  return buffer.subarray(0, bytesRead);
}
