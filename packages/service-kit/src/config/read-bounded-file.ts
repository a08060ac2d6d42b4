import { closeSync, openSync, readSync, statSync } from "node:fs";

export type BoundedFile =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly reason: string };

/**
 * A whole regular file as UTF-8, at most limitBytes. Never blocks on a pipe, never reads more than the limit,
 * never throws: the reason is a sentence part for the operator.
 */
export function readBoundedFile(path: string, limitBytes: number): BoundedFile {
  try {
    if (!statSync(path).isFile()) return { ok: false, reason: "is not a regular file" };
    const bytes = readAtMost(path, limitBytes + 1);
    if (bytes.length > limitBytes) return { ok: false, reason: `is larger than ${limitBytes} bytes` };
    return { ok: true, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch (error) {
    return { ok: false, reason: reasonOf(error) };
  }
}

function readAtMost(path: string, limitBytes: number): Buffer {
  const descriptor = openSync(path, "r");
  try {
    const buffer = Buffer.alloc(limitBytes);
    let length = 0;
    for (;;) {
      const read = readSync(descriptor, buffer, length, buffer.length - length, null);
      length += read;
      if (read === 0 || length === buffer.length) return buffer.subarray(0, length);
    }
  } finally {
    closeSync(descriptor);
  }
}

function reasonOf(error: unknown): string {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return "does not exist";
  if (code === "EACCES" || code === "EPERM") return "may not be read by this user";
  if (code === "ERR_ENCODING_INVALID_ENCODED_DATA") return "is not UTF-8 text";
  return `could not be read (${typeof code === "string" ? code : "unknown error"})`;
}
