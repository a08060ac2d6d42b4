import type { Fence } from "@gateway/conversation";
import { conversationJobSchema, wakeConversation } from "@gateway/conversation";
import type { Job, Queue } from "bullmq";
import { fenceOf, isAhead, postpone } from "./job-steps.ts";

const NO_APP_PAUSE_MS = 30_000;

interface Deps {
  readonly control: Queue;
  readonly deliver: Queue;
  readonly processControl: (conversation: string, fence: Fence) => Promise<"done" | "lost" | "no_app">;
}

/** Translates what became of a conversation's control lane into what BullMQ is to do with its job. */
export async function handleControl(job: Job, token: string, deps: Deps): Promise<void> {
  const { conversation } = conversationJobSchema.parse(job.data);
  const result = await deps.processControl(conversation, fenceOf(deps.control, job, token));
  if (result === "lost") throw new Error("The job's lock was lost; its new owner goes on.");
  if (result === "no_app") return postpone(job, token, NO_APP_PAUSE_MS);
  await wakeConversation(deps.deliver, conversation, { ahead: isAhead(job) });
}
