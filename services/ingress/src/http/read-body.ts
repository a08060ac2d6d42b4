import type { IncomingMessage } from "node:http";
import type { Rejection } from "../outcome.ts";
import { rejected } from "../outcome.ts";

/** The bytes as they came, whatever content type they claim: WeCom documents none. */
export type BodyResult =
  | { readonly status: "read"; readonly body: Buffer }
  | { readonly status: "refused"; readonly rejection: Rejection }
  /** The client went away or was cut by the server's time limit. Nobody to answer. */
  | { readonly status: "aborted" };

/** What is read and thrown away beyond the limit, so that the sender of a refused body gets to read the answer. */
const DRAIN_BYTES = 1024 * 1024;

/** Reads at most `limitBytes`. Time is limited by the server's request time-out. */
export function readBody(request: IncomingMessage, limitBytes: number): Promise<BodyResult> {
  const encoding = request.headers["content-encoding"]?.toLowerCase() ?? "identity";
  const isCompressed = encoding !== "identity";
  const keepBytes = isCompressed ? 0 : limitBytes;
  const drainBytes = limitBytes + DRAIN_BYTES;
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const finish = () => {
      request.off("data", onData);
      if (isCompressed) resolve(refused(415, "body_compressed", "Send the body uncompressed."));
      else if (size <= limitBytes) resolve({ status: "read", body: joined(chunks, size) });
      else resolve(refused(413, "body_too_large", `The body is larger than ${limitBytes} bytes.`));
    };
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size > keepBytes) chunks.length = 0;
      else chunks.push(chunk);
      if (size > drainBytes) finish();
    };
    if (Number(request.headers["content-length"] ?? 0) > drainBytes) {
      size = drainBytes + 1;
      return finish();
    }
    // Not `once`, which costs a wrapper each: a promise takes its first result only.
    const abort = () => resolve({ status: "aborted" });
    request.on("data", onData).on("end", finish).on("error", abort).on("close", abort);
  });
}

function joined(chunks: readonly Buffer[], size: number): Buffer {
  const [only] = chunks;
  return only?.length === size ? only : Buffer.concat(chunks, size);
}

function refused(status: 413 | 415, code: string, text: string): BodyResult {
  return { status: "refused", rejection: rejected(status, code, text) };
}
