import type { Exchange, RunnerState } from "@gateway/conversation";
import { EXCHANGE_MEMORY_LIMIT_BYTES } from "@gateway/conversation";
import type { ModelMessage } from "ai";
import { modelMessageSchema } from "ai";
import { z } from "zod";
import type { Block } from "./blocks.ts";

/** What an exchange keeps beside its two sides. */
const memorySchema = z.object({
  /** What the turn did between question and answer. */
  messages: z.array(modelMessageSchema),
  /** Stands for all exchanges up to that of the turn `upTo`. */
  summary: z.object({ text: z.string(), upTo: z.string() }).optional(),
});
export type Memory = z.infer<typeof memorySchema>;

export function readMemory({ memory }: Exchange): Memory | undefined {
  const parsed = memory?.of === "openai" ? memorySchema.safeParse(memory.state) : undefined;
  return parsed?.success === true ? parsed.data : undefined;
}

export interface Remembered {
  readonly summary: string | undefined;
  /** What the summary does not stand for. */
  readonly exchanges: readonly Exchange[];
}

/** The newest summary and what was said since. An exchange that was undone has taken its summary with it. */
export function recall(history: readonly Exchange[]): Remembered {
  const summary = history
    .map((exchange) => readMemory(exchange)?.summary)
    .findLast((one) => one !== undefined);
  if (summary === undefined) return { summary: undefined, exchanges: history };
  // Not found: it fell off the far end, and with it all that the summary stands for.
  const last = history.findLastIndex(({ turnId }) => turnId === summary.upTo);
  return { summary: summary.text, exchanges: history.slice(last + 1) };
}

const RESULT_LIMIT_CHARS = 1500;
/** A little less than may be kept: the rest of the memory needs some room. */
const MESSAGES_LIMIT_BYTES = EXCHANGE_MEMORY_LIMIT_BYTES - 2048;

/** The memory of a turn, within its bounds: results are shortened, then the oldest steps go, each with its results. */
export function makeMemory(blocks: readonly Block[], summary: Memory["summary"]): RunnerState | undefined {
  let kept = blocks.map((block) => block.map(shorten));
  const spareBytes = Buffer.byteLength(JSON.stringify(summary ?? null));
  while (kept.length > 0 && Buffer.byteLength(JSON.stringify(kept)) > MESSAGES_LIMIT_BYTES - spareBytes)
    kept = kept.slice(1);
  if (kept.length === 0 && summary === undefined) return undefined;
  return { messages: kept.flat(), ...(summary === undefined ? {} : { summary }) };
}

/** Reasoning is not remembered: endpoints ignore it, or refuse it, once the turn is over. */
function shorten(message: ModelMessage): ModelMessage {
  if (message.role === "assistant" && typeof message.content !== "string")
    return { ...message, content: message.content.filter(({ type }) => type !== "reasoning") };
  if (message.role !== "tool") return message;
  const content = message.content.map((part) => {
    if (part.type !== "tool-result") return part;
    const { output } = part;
    if (output.type !== "text" && output.type !== "error-text") return part;
    return { ...part, output: { ...output, value: cut(output.value) } };
  });
  return { ...message, content };
}

function cut(text: string): string {
  if (text.length <= RESULT_LIMIT_CHARS) return text;
  return `${text.slice(0, RESULT_LIMIT_CHARS).toWellFormed()} [… ${text.length - RESULT_LIMIT_CHARS} characters left out]`;
}
