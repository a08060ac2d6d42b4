import { ApiError } from "../api-error.ts";
import { WECOM_LIMITS } from "../limits.ts";
import type { MediaType } from "../types.ts";

const AMR_MAGIC = "#!AMR\n";
/** Bytes of one 20 ms frame of AMR narrow band, header byte included, by frame type (RFC 4867). */
const AMR_FRAME_BYTES = [13, 14, 16, 18, 20, 21, 27, 32, 6];

export function isMediaType(value: string): value is MediaType {
  return value === "image" || value === "voice" || value === "video" || value === "file";
}

function startsWith(content: Buffer, bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => content[index] === byte);
}

const isJpeg = (content: Buffer) => startsWith(content, [0xff, 0xd8, 0xff]);
const isPng = (content: Buffer) => startsWith(content, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const isMp4 = (content: Buffer) => content.subarray(4, 8).toString("latin1") === "ftyp";
const isAmr = (content: Buffer) => content.subarray(0, AMR_MAGIC.length).toString("latin1") === AMR_MAGIC;

function amrSeconds(content: Buffer): number {
  let frames = 0;
  let position = AMR_MAGIC.length;
  while (position < content.length) {
    position += AMR_FRAME_BYTES[((content[position] ?? 0) >> 3) & 0x0f] ?? 1;
    frames += 1;
  }
  return frames / 50;
}

/** Size and format that WeCom asks of temporary media (doc 90253). Every file is longer than five bytes. */
export function checkMedia(type: MediaType, content: Buffer): void {
  if (content.length === 0) throw new ApiError(44001);
  if (content.length <= WECOM_LIMITS.mediaMinBytes) throw new ApiError(40006, "5 bytes or less");
  if (content.length > WECOM_LIMITS.mediaMaxBytes[type]) throw new ApiError(45001);
  if (type === "image" && !isJpeg(content) && !isPng(content)) throw new ApiError(40123, "JPG or PNG");
  if (type === "video" && !isMp4(content)) throw new ApiError(40004, "MP4");
  if (type === "voice" && !isAmr(content)) throw new ApiError(40004, "AMR");
  if (type === "voice" && amrSeconds(content) > WECOM_LIMITS.voiceMaxSeconds) throw new ApiError(45007);
}
