import type { Command } from "./command.ts";

const OFF = new Set(["off", "关", "结束", "恢复"]);

/** Holds the app's turns back for maintenance; those that run come to their end. `off` lets them go on. */
export const drain: Command = {
  name: "drain",
  async run({ app, ref, args, deps }) {
    const { access } = app.texts;
    if (!OFF.has(args.toLowerCase())) return access.draining(await deps.drain.start(ref));
    await deps.drain.end(ref);
    return access.drainEnded;
  },
};
