import { z } from "zod";
import type { AgentMessage } from "./agent-messages.ts";
import { agentMessageSchema } from "./agent-messages.ts";
import type { AgentFile } from "./runner.ts";

const FILES_LIMIT = 50;
const MESSAGES_LIMIT = 10;

/** The JSON form of an answer: a text in Markdown, files by their absolute paths, and messages, in this order. */
const answerSchema = z
  .strictObject({
    text: z.string().default(""),
    files: z.array(z.string().startsWith("/", "has to be an absolute path")).max(FILES_LIMIT).default([]),
    messages: z.array(agentMessageSchema).max(MESSAGES_LIMIT).default([]),
  })
  .transform(({ text, files, messages }) => ({ text, messages, files: files.map((path) => ({ path })) }));

export type AnswerRead =
  | {
      readonly ok: true;
      readonly text: string;
      readonly files: AgentFile[];
      readonly messages: AgentMessage[];
    }
  /** In words, and without anything of what the agent wrote. */
  | { readonly ok: false; readonly problem: string };

export function readAgentAnswer(json: string): AnswerRead {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return { ok: false, problem: "it is not JSON" };
  }
  const read = answerSchema.safeParse(value);
  if (read.success) return { ok: true, ...read.data };
  const [issue] = read.error.issues;
  // What a field is called may be the agent's words, too.
  const why = issue?.code === "unrecognized_keys" ? "has a field that does not belong there" : issue?.message;
  return { ok: false, problem: `${issue?.path.map(String).join(".") || "the answer"}: ${why ?? ""}` };
}
