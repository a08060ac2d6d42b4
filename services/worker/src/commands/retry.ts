import type { InboundMessage } from "@gateway/conversation";
import type { Command } from "./command.ts";

/** Gives the messages of the last turn to the agent again. What it answered then is replaced. */
export const retry: Command = {
  name: "retry",
  async run({ app, conversation, message, deps }) {
    const { entries, exchange } = await deps.lastTurn(conversation);
    const earlier = entries.flatMap((entry) => (entry.message === undefined ? [] : [entry.message]));
    const { command } = app.texts;
    if (earlier.length === 0) return command.nothingToRetry;
    const again = earlier.map((one, index) => repeated(one, index, message));
    const result = await deps.turnControl.repeat(conversation, again, exchange);
    if (result === "busy") return command.retryLater;
    await deps.wakeTurns(conversation);
    return command.retrying;
  },
};

/** As new as the command that asks for it, and in one turn as before. */
function repeated(earlier: InboundMessage, index: number, cause: InboundMessage): InboundMessage {
  const { steer: _steer, ...message } = earlier;
  return {
    ...message,
    id: `${cause.id}-again-${index}`,
    receivedAtMs: cause.receivedAtMs,
    ownTurn: `${cause.id}-again`,
  };
}
