import { createLineSplitter } from "../line-splitter.ts";
import type { RunEvent } from "./messages.ts";
import { eventSchema } from "./messages.ts";

const LINE_LIMIT_CHARS = 1024 * 1024;
/** The server sends a comment every 30 seconds. */
const SILENCE_LIMIT_MS = 90_000;

/**
 * Reads the frames of an event stream. What is not an event is skipped; a line without an end, or silence, ends it.
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<RunEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const splitter = createLineSplitter();
  try {
    for (;;) {
      const part = await readInTime(reader, signal);
      if (part === undefined) return;
      const lines = splitter.push(decoder.decode(part, { stream: true }));
      if (splitter.openChars() > LINE_LIMIT_CHARS) return;
      for (const line of lines) {
        const event = readLine(line);
        if (event !== undefined) yield event;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

async function readInTime(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  if (signal.aborted) return undefined;
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, SILENCE_LIMIT_MS, undefined);
  });
  try {
    return await Promise.race([reader.read().then(({ value }) => value), silence]);
  } finally {
    clearTimeout(timer);
  }
}

function readLine(line: string): RunEvent | undefined {
  if (!line.startsWith("data:")) return undefined;
  try {
    const parsed = eventSchema.safeParse(JSON.parse(line.slice("data:".length)));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
