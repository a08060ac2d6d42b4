import type { Fence } from "@gateway/conversation";
import { conversationJobSchema } from "@gateway/conversation";
import type { Job, Queue } from "bullmq";
import type { ConversationDelivery } from "../delivery/deliver-conversation.ts";
import type { AppSlots } from "./app-slots.ts";
import { fenceOf, postpone } from "./job-steps.ts";
import { withinShare } from "./within-share.ts";

interface Deps {
  readonly deliver: Queue;
  readonly slots: AppSlots;
  readonly deliverConversation: (
    conversation: string,
    fence: Fence,
    signal: AbortSignal,
  ) => Promise<ConversationDelivery>;
}

/** Translates a delivery's outcome into what BullMQ is to do with its job. */
export async function handleDelivery(
  job: Job,
  token: string,
  signal: AbortSignal,
  deps: Deps,
): Promise<void> {
  const { conversation } = conversationJobSchema.parse(job.data);
  const result = await withinShare(deps.slots, { job, token, conversation }, () =>
    deps.deliverConversation(conversation, fenceOf(deps.deliver, job, token), signal),
  );
  switch (result.status) {
    case "done":
      return;
    case "postponed":
      return postpone(job, token, result.afterMs);
    case "lost":
      throw new Error("The job's lock was lost during delivery; its new owner goes on.");
    default:
      return result satisfies never;
  }
}
