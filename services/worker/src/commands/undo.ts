import type { Command } from "./command.ts";

const UNDO_LIMIT = 20;

/** Takes the last exchanges out of what the agent is told of the conversation. */
export const undo: Command = {
  name: "undo",
  async run({ app, conversation, message, args, deps }) {
    const { command } = app.texts;
    if (app.runner.keepsMemory === true) return command.undoNotPossible;
    const count = args === "" ? 1 : Number(/^\d{1,3}$/u.exec(args)?.[0] ?? 0);
    if (count < 1 || count > UNDO_LIMIT) return command.undoUsage({ limit: UNDO_LIMIT });
    const undone = await deps.undo(conversation, { count, cause: message.id });
    if (undone === "running") return command.undoLater;
    return undone === 0 ? command.nothingToUndo : command.undone({ count: undone });
  },
};
