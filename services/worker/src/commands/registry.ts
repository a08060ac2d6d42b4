import type { CommandName } from "@gateway/conversation";
import type { Command } from "./command.ts";
import { help } from "./help.ts";
import { status } from "./status.ts";
import { stop } from "./stop.ts";

/** Every command, by name. The type makes a missing one an error. */
export const commands = { help, status, stop } as unknown as Readonly<Record<CommandName, Command>>;
