import type { RunnerState } from "@gateway/conversation";
import { z } from "zod";

/** What is kept of a turn whose agent may answer later. */
const stateSchema = z.object({
  /** Of the callback address. */
  token: z.string(),
  deadlineMs: z.number(),
  /** The agent has said that it will answer later: it is not sent the message again. */
  accepted: z.boolean(),
  cancelUrl: z.string().optional(),
});

export type RunState = z.output<typeof stateSchema>;

export function readState(checkpoint: RunnerState | undefined): RunState | undefined {
  const parsed = stateSchema.safeParse(checkpoint);
  return parsed.success ? parsed.data : undefined;
}
