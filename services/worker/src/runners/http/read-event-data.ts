import type { Readable } from "node:stream";
import { createLineSplitter } from "../line-splitter.ts";
import { readParts } from "./read-body.ts";

/**
 * The data of each event of a stream (HTML standard, server-sent events): lines of one event belong together,
 * comments and other fields are skipped. @throws AgentFault when it is too long or breaks.
 */
export async function* readEventData(response: Readable, limitBytes: number): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const splitter = createLineSplitter();
  let data: string[] = [];
  for await (const part of readParts(response, limitBytes)) {
    for (const line of splitter.push(decoder.decode(part, { stream: true }))) {
      if (line.startsWith("data:")) data.push(line.slice(line.startsWith("data: ") ? 6 : 5));
      if (line !== "" || data.length === 0) continue;
      yield data.join("\n");
      data = [];
    }
  }
}
