import type { Command } from "./command.ts";

export const help: Command = { name: "help", run: async () => "help" };
