import type { Command } from "./command.ts";

/** Starts no more turns; those that run come to their end. */
export const drain: Command = {
  name: "drain",
  async run({ app, deps }) {
    if (deps.drain === undefined) return app.texts.access.drainNotConfigured;
    return app.texts.access.draining(await deps.drain());
  },
};
