import { COMMAND_NAMES, commandAliases, parseCommand } from "@gateway/conversation";
import type { Command } from "./command.ts";
import { isAdminCommand } from "./command.ts";

/** Lists the commands that the person may use; of one command also its other names. */
export const help: Command = {
  name: "help",
  async run({ app, args, isAdmin }) {
    const { help: lines, helpFrame } = app.texts;
    const visible = COMMAND_NAMES.filter((name) => isAdmin || !isAdminCommand(name));
    const asked = parseCommand(`/${args.replace(/^[/／]/u, "")}`)?.name;
    if (asked !== undefined && visible.includes(asked)) {
      const aliases = commandAliases(asked).map((alias) => `/${alias}`);
      const line = helpFrame.line({ command: asked, what: lines[asked] });
      return aliases.length === 0 ? line : `${line}\n${helpFrame.aliases({ aliases: aliases.join(" ") })}`;
    }
    const listed = visible.map((command) => helpFrame.line({ command, what: lines[command] }));
    return [helpFrame.heading, ...listed, "", helpFrame.ending].join("\n");
  },
};
