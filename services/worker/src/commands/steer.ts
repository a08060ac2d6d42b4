import { MAILBOX_LIMIT } from "@gateway/conversation";
import type { Command } from "./command.ts";
import { derivedMessage } from "./derived-message.ts";

/** Hands a text to the running agent; where that cannot be, it is the next thing that is done. */
export const steer: Command = {
  name: "steer",
  async run({ app, conversation, message, args, deps }) {
    const { queue, turn } = app.texts;
    if (args === "") return queue.steerUsage;
    const { running, takesSteer } = await deps.turnControl.read(conversation);
    const addition = derivedMessage(message, { name: "steer", text: args, steer: true });
    const added = await deps.turnControl.enqueue(conversation, addition, running ? "next" : "tail");
    if (added === "full") return turn.mailboxFull({ limit: MAILBOX_LIMIT });
    await deps.turnControl.nudge(conversation);
    await deps.wakeTurns(conversation);
    if (!running) return queue.steerIdle;
    return takesSteer ? queue.steered : queue.steerWaits;
  },
};
