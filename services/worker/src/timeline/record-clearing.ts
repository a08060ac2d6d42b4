import type { TurnControl } from "@gateway/conversation";
import type { RecordEvent } from "./recorder.ts";

/** What commands do to mailboxes, unchanged but for writing down which messages they drop. */
export function recordClearing(turnControl: TurnControl, record: RecordEvent): TurnControl {
  return {
    ...turnControl,
    async clear(conversation, cause) {
      const dropped = await turnControl.clear(conversation, cause);
      if (dropped.length > 0) record(dropped, { type: "cleared", why: "command" });
      return dropped;
    },
  };
}
