import { inboundJobSchema, parseConversationId, wakeConversation } from "@gateway/conversation";
import type { UserCorpMap } from "@gateway/wecom-client/user-corp-map";
import type { Job, Queue } from "bullmq";

/** An accepted message: remember whom the person last wrote to, and wake the conversation. Both may be repeated. */
export async function handleInbound(
  job: Job,
  deps: { turns: Queue; userCorpMap: UserCorpMap },
): Promise<void> {
  const { conversation, receivedAtMs } = inboundJobSchema.parse(job.data);
  await deps.userCorpMap.record({ ...parseConversationId(conversation), atMs: receivedAtMs });
  await wakeConversation(deps.turns, conversation);
}
