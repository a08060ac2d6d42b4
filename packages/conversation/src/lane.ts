import type { CallbackMessage } from "@gateway/wecom-client/callback";
import { parseCommand } from "./command-names.ts";

/**
 * turn: waits in the mailbox for its turn with the agent. control: handled at once, beside a running turn: a
 * command, a pressed button. A blocked turn must never hold up the very message that unblocks it.
 */
export type Lane = "turn" | "control";

export function laneOf(message: CallbackMessage): Lane {
  if (message.kind === "text") return parseCommand(message.content) === undefined ? "turn" : "control";
  return message.kind === "event" ? "control" : "turn";
}
