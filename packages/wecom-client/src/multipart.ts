import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { safeFileName } from "./file-name.ts";

export interface MultipartFile {
  readonly filename: string;
  readonly contentType: string;
  readonly content: Buffer | Readable;
  readonly sizeBytes: number;
  /** Makes the error for content that is not `sizeBytes` long. */
  readonly sizeMismatch: () => Error;
}

/**
 * A form with the one field `media` (WeCom doc 90253), streamed. The name goes out as raw UTF-8 inside the
 * quotes: WeCom answers 44001 to the RFC 5987 form filename*=.
 */
export function encodeMultipart(file: MultipartFile): {
  readonly contentType: string;
  readonly content: Readable;
  readonly sizeBytes: number;
} {
  const boundary = `wecom-${randomUUID()}`;
  const contentType = /^[\w.+-]+\/[\w.+-]+$/.test(file.contentType)
    ? file.contentType
    : "application/octet-stream";
  const head = Buffer.from(
    `--${boundary}\r\n` +
      `Content-Disposition: form-data; name="media"; filename="${safeFileName(file.filename)}"; ` +
      `filelength=${file.sizeBytes}\r\nContent-Type: ${contentType}\r\n\r\n`,
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    content: Readable.from(parts(head, file, tail), { objectMode: false }),
    sizeBytes: head.length + file.sizeBytes + tail.length,
  };
}

async function* parts(head: Buffer, file: MultipartFile, tail: Buffer): AsyncGenerator<Buffer> {
  yield head;
  let sent = 0;
  for await (const chunk of Buffer.isBuffer(file.content) ? [file.content] : file.content) {
    const bytes = Buffer.from(chunk);
    sent += bytes.length;
    if (sent > file.sizeBytes) throw file.sizeMismatch();
    yield bytes;
  }
  if (sent !== file.sizeBytes) throw file.sizeMismatch();
  yield tail;
}
