import { parseConversationId } from "@gateway/conversation";
import type { Job } from "bullmq";
import type { AppSlots } from "./app-slots.ts";
import { postpone } from "./job-steps.ts";

/** An app that has its share of this worker comes back, or another worker takes the job, after about this. */
const SHARE_PAUSE_MS = 1000;

/** Works on a conversation unless its app has its share of the worker already; then the job comes back later. */
export async function withinShare<Result>(
  slots: AppSlots,
  { job, token, conversation }: { job: Job; token: string; conversation: string },
  work: () => Promise<Result>,
): Promise<Result> {
  const { corpId, agentId } = parseConversationId(conversation);
  const leave = slots.enter(`${corpId}:${agentId}`);
  if (leave === undefined) return postpone(job, token, SHARE_PAUSE_MS * (1 + Math.random()));
  return work().finally(leave);
}
