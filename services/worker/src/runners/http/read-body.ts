import type { Readable } from "node:stream";
import { AgentFault } from "./agent-fault.ts";

/** @throws AgentFault when there is more, or the connection breaks before its end. */
export async function readBody(response: Readable, limitBytes: number): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of readParts(response, limitBytes)) parts.push(part);
  // Unlike a buffer, a decoder leaves out a byte order mark.
  return new TextDecoder().decode(Buffer.concat(parts));
}

/** The same, part by part. */
export async function* readParts(response: Readable, limitBytes: number): AsyncGenerator<Buffer> {
  let sizeBytes = 0;
  try {
    for await (const part of response as AsyncIterable<Buffer>) {
      sizeBytes += part.length;
      if (sizeBytes > limitBytes)
        throw new AgentFault("output", `The agent answered more than ${limitBytes} bytes.`);
      yield part;
    }
  } catch (error) {
    if (error instanceof AgentFault) throw error;
    throw new AgentFault("crash", "The connection to the agent broke in the middle of its answer.");
  } finally {
    response.destroy();
  }
}
