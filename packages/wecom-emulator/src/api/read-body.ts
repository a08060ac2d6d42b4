import type { IncomingMessage } from "node:http";

/** Reads a body up to a limit. Beyond it the rest is read and thrown away, so that the sender gets its answer. */
export async function readBody(
  request: IncomingMessage,
  limitBytes: number,
): Promise<{ body: Buffer; tooLarge: boolean }> {
  let chunks: Buffer[] = [];
  let total = 0;
  for await (const chunk of request) {
    total += chunk.length;
    if (total <= limitBytes) chunks.push(chunk);
    else chunks = [];
  }
  return { body: Buffer.concat(chunks), tooLarge: total > limitBytes };
}
