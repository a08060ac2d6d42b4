import { inboundJobSchema, parseConversationId, wakeConversation } from "@gateway/conversation";
import type { UserCorpMap } from "@gateway/wecom-client/user-corp-map";
import type { Job, Queue } from "bullmq";
import type { MeetBusyAgentDeps } from "../turn/meet-busy-agent.ts";
import { meetBusyAgent } from "../turn/meet-busy-agent.ts";

interface Deps extends MeetBusyAgentDeps {
  readonly turns: Queue;
  readonly control: Queue;
  readonly userCorpMap: UserCorpMap;
}

/**
 * An accepted message: remember whom the person last wrote to, wake the conversation, and where the agent is
 * busy do what the busy mode says. Every step may be repeated.
 */
export async function handleInbound(job: Job, deps: Deps): Promise<void> {
  const { conversation, receivedAtMs, lane } = inboundJobSchema.parse(job.data);
  await deps.userCorpMap.record({ ...parseConversationId(conversation), atMs: receivedAtMs });
  // The control lane is woken in any case: a message that found its mailbox full has left word there.
  await wakeConversation(deps.control, conversation);
  if (lane === "control") return;
  await wakeConversation(deps.turns, conversation);
  await meetBusyAgent({ id: job.id ?? "", receivedAtMs }, conversation, deps);
}
