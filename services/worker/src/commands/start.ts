import type { Command } from "./command.ts";

/** What chat clients send to open a conversation. Nobody is bothered with it. */
export const start: Command = { name: "start", run: async () => undefined };
