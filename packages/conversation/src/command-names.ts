/**
 * The commands a person can type, with their aliases. They are known here, and not only where they are carried
 * out, because a command overtakes the messages that wait: ingress puts it on the control lane.
 */
const COMMANDS = {
  help: ["帮助", "commands"],
  new: ["reset", "新会话", "重置"],
  stop: ["停止"],
  status: ["状态"],
  queue: ["q", "排队"],
  steer: ["补充"],
  busy: ["忙时"],
  retry: ["重试"],
  undo: ["撤销"],
  approve: ["同意", "批准"],
  deny: ["拒绝"],
  bg: ["background", "后台"],
  whoami: ["我是谁"],
  start: ["开始"],
  "approve-user": ["批准用户"],
  users: ["用户"],
  drain: ["排空"],
} as const;

export type CommandName = keyof typeof COMMANDS;

export const COMMAND_NAMES = Object.keys(COMMANDS) as CommandName[];

export interface ParsedCommand {
  readonly name: CommandName;
  /** What follows the name, trimmed. */
  readonly args: string;
}

const byAlias = new Map<string, CommandName>(
  COMMAND_NAMES.flatMap((name) => [
    [name, name] as const,
    ...COMMANDS[name].map((alias) => [alias, name] as const),
  ]),
);

export function commandAliases(name: CommandName): readonly string[] {
  return COMMANDS[name];
}

/**
 * Reads "/name args". A full-width slash and full-width letters, as Chinese keyboards type them, and a space after the
 * slash are fine.
 * Undefined for anything else, an unknown command included: that is for the agent.
 */
export function parseCommand(text: string): ParsedCommand | undefined {
  const match = /^\s*[/／]\s?([^\s/／]{1,32})(?:\s+([\s\S]*))?$/u.exec(text);
  const name = byAlias.get(match?.[1]?.normalize("NFKC").toLowerCase() ?? "");
  return name === undefined ? undefined : { name, args: match?.[2]?.trim() ?? "" };
}
