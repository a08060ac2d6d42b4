import type { ControlLane } from "@gateway/conversation";
import { inboundJobSchema, parseConversationId, wakeConversation } from "@gateway/conversation";
import type { UserCorpMap } from "@gateway/wecom-client/user-corp-map";
import type { Job, Queue } from "bullmq";
import { appOfConversation } from "../conversations.ts";
import type { RecordEvent } from "../timeline/recorder.ts";
import type { MeetBusyAgentDeps } from "../turn/meet-busy-agent.ts";
import { meetBusyAgent } from "../turn/meet-busy-agent.ts";
import type { AppSlots } from "./app-slots.ts";
import { isAhead } from "./job-steps.ts";

interface Deps extends MeetBusyAgentDeps {
  readonly turns: Queue;
  readonly turnSlots: Pick<AppSlots, "overtakes">;
  readonly control: Queue;
  readonly lane: Pick<ControlLane, "isWaiting">;
  readonly userCorpMap: UserCorpMap;
  readonly record: RecordEvent;
}

/**
 * An accepted message: wake the conversation, do what the busy mode says where the agent is busy, and remember
 * whom the person last wrote to. Every step may be repeated.
 */
export async function handleInbound(job: Job, deps: Deps): Promise<void> {
  const { conversation, app, kind, receivedAtMs, lane } = inboundJobSchema.parse(job.data);
  const id = job.id ?? "";
  // A message that found its mailbox full has left word on the control lane, in the step that stored it.
  if (lane === "control" || (await deps.lane.isWaiting(conversation)))
    await wakeConversation(deps.control, conversation, { ahead: isAhead(job) });
  if (lane === "turn") {
    const ahead = isAhead(job) || deps.turnSlots.overtakes(appOfConversation(conversation));
    await wakeConversation(deps.turns, conversation, { ahead });
    await meetBusyAgent({ id, receivedAtMs }, conversation, deps);
  }
  deps.record([id], { type: "accepted", conversation, app, kind, lane }, receivedAtMs);
  await deps.userCorpMap.record({ ...parseConversationId(conversation), atMs: receivedAtMs });
}
