import type { Readable } from "node:stream";
import { PassThrough } from "node:stream";

/** All of it, or undefined when it is longer than `limitBytes` (the stream is then destroyed). */
export async function readBounded(stream: Readable, limitBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > limitBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export interface Guard {
  /** The source may be silent for this long while somebody wants to read. */
  readonly idleMs: number;
  readonly idle: () => Error;
  /** Replaces whatever error the source ends with. */
  readonly fail: (error: unknown) => Error;
}

/**
 * A response body that is safe to hand out: its own errors only, no way back to the request (whose path
 * holds the access token), a limit on silence, and destroying it frees the connection.
 */
export function guardStream(source: Readable, guard: Guard): Readable {
  const out = new PassThrough();
  const tick = () => {
    if (out.writableNeedDrain) timer.refresh();
    else out.destroy(guard.idle());
  };
  const timer = setTimeout(tick, guard.idleMs);
  source.on("data", () => timer.refresh());
  source.on("end", () => clearTimeout(timer));
  source.on("error", (error) => out.destroy(guard.fail(error)));
  source.on("close", () => {
    if (!source.readableEnded && !out.destroyed) out.destroy(guard.fail(undefined));
  });
  out.on("close", () => {
    clearTimeout(timer);
    source.destroy();
  });
  return source.pipe(out);
}
