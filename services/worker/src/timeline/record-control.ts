import type { ControlLane } from "@gateway/conversation";
import { recordPlans } from "./record-turn.ts";
import type { RecordEvent } from "./recorder.ts";

/** The control lane, unchanged but for writing down what became of commands and pressed buttons. */
export function recordControl(lane: ControlLane, record: RecordEvent): ControlLane {
  return {
    ...lane,
    async commit(conversation, fence, entry, plans) {
      const committed = await lane.commit(conversation, fence, entry, plans);
      if (committed && entry.message !== undefined) recordPlans([entry.message.id], plans, record);
      return committed;
    },
  };
}
