import type { IncomingMessage } from "node:http";
import { StringDecoder } from "node:string_decoder";
import { readParts } from "./read-body.ts";

/**
 * The data of each event of a stream (HTML standard, server-sent events): lines of one event belong together,
 * comments and other fields are skipped. @throws AgentFault when it is too long or breaks.
 */
export async function* readEventData(response: IncomingMessage, limitBytes: number): AsyncGenerator<string> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  let data: string[] = [];
  for await (const part of readParts(response, limitBytes)) {
    const lines = (rest + decoder.write(part)).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line.startsWith("data:")) data.push(line.slice(line.startsWith("data: ") ? 6 : 5));
      if (line !== "" || data.length === 0) continue;
      yield data.join("\n");
      data = [];
    }
  }
}
