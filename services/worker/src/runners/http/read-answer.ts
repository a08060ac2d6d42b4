import type { IncomingMessage } from "node:http";
import type { AgentAnswer, AgentWord } from "@gateway/conversation";
import { AGENT_TEXT_LIMIT_CHARS, agentAnswerSchema, agentWordSchema } from "@gateway/conversation";
import type { AgentFile, TurnIO, TurnResult } from "../runner.ts";
import { AgentFault } from "./agent-fault.ts";
import { readBody } from "./read-body.ts";
import { readEventData } from "./read-event-data.ts";

/** Files come as base64. */
const ANSWER_LIMIT_BYTES = 30 * 1024 * 1024;

const UNREADABLE = 'The agent\'s answer is not JSON like {"text": "…"}; see docs/agents.md.';

/** A 200: the answer as JSON, or a stream of words. @throws AgentFault */
export async function readAnswer(response: IncomingMessage, io: Pick<TurnIO, "emit">): Promise<TurnResult> {
  const type = response.headers["content-type"] ?? "";
  if (type.startsWith("text/event-stream")) return readStream(response, io);
  const text = await readBody(response, ANSWER_LIMIT_BYTES);
  const value = parseJson(text);
  if (isError(value)) throw saidSo();
  const answer = agentAnswerSchema.safeParse(value);
  if (!answer.success) throw new AgentFault("protocol", UNREADABLE);
  return toResult(answer.data);
}

async function readStream(response: IncomingMessage, io: Pick<TurnIO, "emit">): Promise<TurnResult> {
  let streamed = "";
  for await (const data of readEventData(response, ANSWER_LIMIT_BYTES)) {
    const word = readWord(data);
    if (word.type === "delta") {
      streamed += word.text;
      if (streamed.length > AGENT_TEXT_LIMIT_CHARS)
        throw new AgentFault("output", `The agent answered more than ${AGENT_TEXT_LIMIT_CHARS} characters.`);
      io.emit({ type: "alive" });
    } else {
      const result = hear(word.type === "done" ? { ...word, text: word.text ?? streamed } : word, io);
      if (result !== undefined) return result;
    }
  }
  throw new AgentFault("crash", 'The agent\'s stream ended without a "done".');
}

/** A word that is no part of a text: the result that it is, or nothing yet. @throws AgentFault */
export function hear(
  word: Exclude<AgentWord, { type: "delta" }>,
  io: Pick<TurnIO, "emit">,
): TurnResult | undefined {
  if (word.type === "error") throw saidSo();
  if (word.type === "done") return toResult(word);
  io.emit(word.title === undefined ? { type: "alive" } : { type: "progress", title: word.title });
  return undefined;
}

/** @throws AgentFault */
export function readWord(data: string): AgentWord {
  const word = agentWordSchema.safeParse(parseJson(data));
  if (!word.success) throw new AgentFault("protocol", "The agent sent an event that is not in the protocol.");
  return word.data;
}

function toResult({ text = "", files = [] }: AgentAnswer): TurnResult {
  if (text.trim() === "" && files.length === 0) throw new AgentFault("empty", "The agent answered nothing.");
  return {
    status: "done",
    text: text.toWellFormed(),
    ...(files.length === 0 ? {} : { files: files.map(toFile) }),
  };
}

function toFile(file: NonNullable<AgentAnswer["files"]>[number]): AgentFile {
  return "path" in file ? file : { name: file.name, content: Buffer.from(file.content, "base64") };
}

const saidSo = () => new AgentFault("agent", "The agent says that it failed; its own log says why.");

function isError(value: unknown): boolean {
  return typeof value === "object" && value !== null && "error" in value && Boolean(value.error);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
