import type { Job } from "bullmq";
import { appOfConversation } from "../conversations.ts";
import type { AppSlots } from "./app-slots.ts";
import { postpone } from "./job-steps.ts";

/** Works on a conversation unless its app has its share of the worker already; then the job comes back when there is room. */
export async function withinShare<Result>(
  slots: AppSlots,
  { job, token, conversation }: { job: Job; token: string; conversation: string },
  work: () => Promise<Result>,
): Promise<Result> {
  const app = appOfConversation(conversation);
  const leave = slots.enter(app);
  if (leave === undefined) {
    const { afterMs, standInLine } = slots.turnAway(app);
    return postpone(job, token, afterMs).finally(() => standInLine(() => job.promote()));
  }
  return work().finally(leave);
}
