import type { Command } from "./command.ts";

export const status: Command = { name: "status", run: async () => "status" };
