import type { Timeline } from "@gateway/conversation";
import { inboundJobSchema } from "@gateway/conversation";
import type { Queue } from "bullmq";

/** What is known of a message that no worker has looked at yet: that it came. */
export async function waitingTimeline(id: string, inbound: Queue | undefined): Promise<Timeline> {
  const job = await inbound?.getJob(id);
  const data = inboundJobSchema.safeParse(job?.data);
  if (!data.success) return { id, events: [] };
  const { conversation, app, kind, lane, receivedAtMs } = data.data;
  return { id, events: [{ type: "accepted", conversation, app, kind, lane, atMs: receivedAtMs }] };
}
