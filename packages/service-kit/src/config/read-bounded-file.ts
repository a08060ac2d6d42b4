import { closeSync, openSync, readSync, statSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import process from "node:process";

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
    return { ok: false, reason: reasonOf(error, path) };
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

function reasonOf(error: unknown, path: string): string {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return isAbsolute(path) ? "does not exist" : `does not exist (${resolve(path)})`;
  if (code === "EACCES" || code === "EPERM")
    return `may not be read by this user (uid ${process.getuid?.()})`;
  if (code === "ERR_ENCODING_INVALID_ENCODED_DATA") return "is not UTF-8 text";
  return `could not be read (${typeof code === "string" ? code : "unknown error"})`;
}
