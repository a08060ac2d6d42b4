import type { Readable, Writable } from "node:stream";
import { ReadableStream, WritableStream } from "node:stream/web";
import type { AnyMessage, Stream } from "@agentclientprotocol/sdk";
import { methods } from "@agentclientprotocol/sdk";
import { z } from "zod";

export interface LineOptions {
  /** Of one message. */
  readonly lineBytes: number;
  /** Told of everything that comes in; whoever wants no more of it ends the agent. */
  readonly onBytes: (count: number) => void;
  /** Told of each `session/update`, before anything that comes behind it. */
  readonly onUpdate: (params: unknown) => void;
}

/** The agent says more at once than anybody can take in; the message is fit for a log. */
export class ExcessError extends Error {
  override readonly name = "ExcessError";
}

/** Requests of the agent's whose answers it has yet to read. */
const UNHEARD_LIMIT = 1000;

/**
 * Messages of the protocol out of whatever a program prints: a line each. What is no message, and answers to what nobody
 * asked, are dropped without a word to either side. Updates do not go through the library: it drops those that are not
 * quite as it knows them, and would write about them to our error output.
 */
export function createLineStream(stdin: Writable, stdout: Readable, options: LineOptions): Stream {
  const asked = new Set<unknown>();
  let unheard = 0;
  stdin.on("error", () => undefined);
  const writable = new WritableStream<AnyMessage>({
    write(message) {
      if ("method" in message && "id" in message) asked.add(message.id);
      // Resolves on errors, too: that the agent is gone is noticed by its exit.
      return new Promise<void>((resolve) => {
        stdin.write(`${JSON.stringify(message)}\n`, () => resolve());
      }).then(() => {
        if (!("method" in message)) unheard -= 1;
      });
    },
  });
  const isForLibrary = (message: Incoming): boolean => {
    if (message.id === undefined) {
      if (message.method === methods.client.session.update) options.onUpdate(message.params);
      return message.method === methods.protocol.cancelRequest;
    }
    if (message.method === undefined) return asked.delete(message.id);
    unheard += 1;
    if (unheard > UNHEARD_LIMIT)
      throw new ExcessError(
        `The agent made more than ${UNHEARD_LIMIT} requests without reading the answers.`,
      );
    return true;
  };
  return { writable, readable: ReadableStream.from(readMessages(stdout, options, isForLibrary)) } as Stream;
}

async function* readMessages(
  stdout: Readable,
  options: LineOptions,
  isWanted: (message: Incoming) => boolean,
): AsyncGenerator<Incoming> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  for await (const chunk of stdout as AsyncIterable<Buffer>) {
    options.onBytes(chunk.length);
    let from = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      const message = readMessage(Buffer.concat([...rest, chunk.subarray(from, end)]));
      rest = [];
      restBytes = 0;
      from = end + 1;
      if (message !== undefined && isWanted(message)) yield message;
    }
    rest.push(chunk.subarray(from));
    restBytes += chunk.length - from;
    if (restBytes > options.lineBytes)
      throw new ExcessError(`The agent printed a message of more than ${options.lineBytes} bytes.`);
  }
}

const incomingSchema = z.looseObject({
  id: z.union([z.number(), z.string().max(1000)]).optional(),
  method: z.string().max(1000).optional(),
  params: z.unknown().optional(),
});
type Incoming = z.output<typeof incomingSchema>;

function readMessage(line: Buffer): Incoming | undefined {
  try {
    const { data } = incomingSchema.safeParse(JSON.parse(line.toString("utf8")));
    return data?.id === undefined && data?.method === undefined ? undefined : data;
  } catch {
    return undefined;
  }
}
