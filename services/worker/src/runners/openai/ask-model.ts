import type { LanguageModel, ModelMessage, ToolSet } from "ai";
import { streamText } from "ai";
import { EndpointError } from "./guarded-fetch.ts";
import type { ModelCall } from "./journal.ts";

const TEXT_LIMIT_BYTES = 256 * 1024;
const CALLS_LIMIT_BYTES = 96 * 1024;
const CALLS_LIMIT = 64;
/** Some endpoints want a call's reasoning back with its result; nobody wants more of it. */
const REASONING_LIMIT_CHARS = 32_000;

export interface Question {
  readonly system: string;
  readonly messages: ModelMessage[];
  readonly tools: ToolSet;
  /** The model is to answer, not to call. */
  readonly isLast: boolean;
  readonly signal: AbortSignal;
  /** Told the kind of every part as it comes. */
  readonly onLife: (part: string) => void;
}

/** What the model said in one call, whole: a stream that breaks off throws. */
export interface ModelStep {
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly ModelCall[];
  readonly end: "finished" | "length" | "refusal";
}

/** One call of the model. The tools are ours to carry out: it only names them. */
export async function askModel(model: LanguageModel, question: Question): Promise<ModelStep> {
  const { system, messages, tools, isLast, signal, onLife } = question;
  const own = new AbortController();
  const { fullStream } = streamText({
    model,
    system,
    messages,
    tools,
    ...(isLast && Object.keys(tools).length > 0 ? { toolChoice: "none" as const } : {}),
    maxRetries: 0,
    abortSignal: AbortSignal.any([signal, own.signal]),
    // It would write to the console; the stream has the error, too.
    onError: () => undefined,
  });
  const said = collect();
  try {
    for await (const part of fullStream) {
      onLife(part.type);
      if (part.type === "error") throw part.error;
      if (part.type === "abort") throw signal.reason;
      said.take(part);
    }
  } finally {
    own.abort();
  }
  return said.step();
}

type Part = ReturnType<typeof streamText>["fullStream"] extends AsyncIterable<infer One> ? One : never;

function collect() {
  let text = "";
  let reasoning = "";
  let ended: string | undefined;
  const calls: ModelCall[] = [];
  const take = (part: Part) => {
    if (part.type === "text-delta") text += part.text;
    if (part.type === "reasoning-delta" && reasoning.length < REASONING_LIMIT_CHARS) reasoning += part.text;
    if (part.type === "tool-call") calls.push(readCall(part));
    if (part.type === "finish-step") ended = checkEnd(part.finishReason, part.rawFinishReason);
    if (Buffer.byteLength(text) > TEXT_LIMIT_BYTES) throw tooMuch("text");
    if (calls.length > CALLS_LIMIT || JSON.stringify(calls).length > CALLS_LIMIT_BYTES)
      throw tooMuch("calls of tools");
  };
  return {
    take,
    step(): ModelStep {
      if (ended === undefined) throw new EndpointError("broken_off", "The model's stream has no end.");
      const end = ended === "length" ? "length" : ended === "content-filter" ? "refusal" : "finished";
      return { text: text.toWellFormed(), reasoning: reasoning.toWellFormed(), calls, end };
    },
  };
}

function tooMuch(what: string): EndpointError {
  return new EndpointError("flood", `The model wrote more ${what} than a step may have.`);
}

/** DeepSeek breaks off with this when it is overloaded; what it said until then is half an answer. */
const BROKEN_OFF = "insufficient_system_resource";

function checkEnd(reason: string, raw: string | undefined): string {
  if (raw === BROKEN_OFF)
    throw new EndpointError("broken_off", "The model broke its answer off, overloaded.");
  return reason;
}

type CallPart = Extract<Part, { type: "tool-call" }>;

function readCall(part: CallPart): ModelCall {
  const signature = Object.values(part.providerMetadata ?? {})
    .map((metadata) => metadata.thoughtSignature)
    .find((value) => typeof value === "string");
  const input = isRecord(part.input) ? part.input : undefined;
  return {
    name: part.toolName,
    input: input ?? {},
    ...(input === undefined ? { isUnreadable: true as const } : {}),
    ...(signature === undefined ? {} : { signature }),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
