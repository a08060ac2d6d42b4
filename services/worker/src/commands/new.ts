import type { Command } from "./command.ts";

/** Another session: what runs is stopped, what waited before is dropped, what was said is forgotten. */
export const newSession: Command = {
  name: "new",
  async run({ app, conversation, message, deps }) {
    // In this order: once the turn has ended, nothing of the old session is left to be claimed.
    const { length: dropped } = await deps.turnControl.clear(conversation, message);
    const stopped = await deps.turnControl.stop(conversation, "new", message);
    await deps.sessions.renew(conversation, message.id);
    const { command } = app.texts;
    return [
      command.newSession,
      ...(stopped ? [command.stopped] : []),
      ...(dropped > 0 ? [command.dropped({ dropped })] : []),
    ].join("\n");
  },
};
