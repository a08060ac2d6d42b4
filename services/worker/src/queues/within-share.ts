import type { Job } from "bullmq";
import { appOfConversation } from "../conversations.ts";
import type { AppSlots } from "./app-slots.ts";
import { postpone } from "./job-steps.ts";

/** Works on a conversation unless its app has its share of the worker already; then the job comes back later. */
export async function withinShare<Result>(
  slots: AppSlots,
  { job, token, conversation }: { job: Job; token: string; conversation: string },
  work: () => Promise<Result>,
): Promise<Result> {
  const app = appOfConversation(conversation);
  const leave = slots.enter(app);
  if (leave === undefined) return postpone(job, token, slots.turnAway(app));
  return work().finally(leave);
}
