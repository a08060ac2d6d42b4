import type { Command } from "./command.ts";

/** Ends the running turn. What waits behind it stays and is next. */
export const stop: Command = {
  name: "stop",
  async run({ app, conversation, message, deps }) {
    const stopped = await deps.turnControl.stop(conversation, "user", message);
    return stopped ? app.texts.command.stopped : app.texts.command.nothingToStop;
  },
};
