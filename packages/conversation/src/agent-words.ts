import { z } from "zod";

/** The text of an answer, in characters. */
export const AGENT_TEXT_LIMIT_CHARS = 1024 * 1024;
const TITLE_LIMIT_CHARS = 1000;
const FILES_LIMIT = 20;

const fileSchema = z.union([
  z.object({ path: z.string().startsWith("/").max(4096) }),
  z.object({ name: z.string().min(1).max(255), content: z.base64() }),
]);

/** What an agent behind HTTP answers in the end. `content` is base64. */
export const agentAnswerSchema = z.object({
  text: z.string().max(AGENT_TEXT_LIMIT_CHARS).optional(),
  files: z.array(fileSchema).max(FILES_LIMIT).optional(),
});
export type AgentAnswer = z.output<typeof agentAnswerSchema>;

/** What it says on the way, and at the end: the events of its stream and the bodies of its callbacks. */
export const agentWordSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("progress"), title: z.string().max(TITLE_LIMIT_CHARS).optional() }),
  z.object({ type: z.literal("delta"), text: z.string() }),
  agentAnswerSchema.extend({ type: z.literal("done") }),
  /** Why is the agent's business: it is not shown. */
  z.object({ type: z.literal("error") }),
]);
export type AgentWord = z.output<typeof agentWordSchema>;
