import { UsageError } from "./usage.ts";

export interface SendFlags {
  readonly to?: string | undefined;
  readonly app?: string | undefined;
  readonly text?: string | undefined;
  readonly markdown?: string | undefined;
  readonly message?: string | undefined;
}

/** The request that the flags of `send` stand for. @throws UsageError */
export async function readMessage(flags: SendFlags, stdin: () => Promise<string>): Promise<unknown> {
  if (flags.to === undefined || flags.to === "") throw new UsageError("send needs --to.");
  return { to: readRecipient(flags.to, flags.app), message: await readBody(flags, stdin) };
}

function readRecipient(to: string, app: string | undefined) {
  const through = app === undefined ? {} : { app };
  if (to === "@all") return { all: true, ...through };
  const [, chat] = /^chat:(.+)$/.exec(to) ?? [];
  if (chat !== undefined) return { chat, ...through };
  const [, kind, ids] = /^(party|tag):(.+)$/.exec(to) ?? [];
  if (kind !== undefined && ids !== undefined) return { [kind]: ids.split(","), ...through };
  if (app !== undefined)
    throw new UsageError("--app goes with party, tag, chat and @all. A person is corp/agent/user.");
  return { user: to };
}

async function readBody({ text, markdown, message }: SendFlags, stdin: () => Promise<string>) {
  const given = [text, markdown, message].filter((flag) => flag !== undefined);
  const [only] = given;
  if (only === undefined || given.length > 1)
    throw new UsageError("send needs one of --text, --markdown and --message.");
  const content = only === "-" ? (await stdin()).replace(/\r?\n$/, "") : only;
  if (text !== undefined) return { msgtype: "text", text: { content } };
  if (markdown !== undefined) return { msgtype: "markdown", markdown: { content } };
  try {
    return JSON.parse(content);
  } catch {
    throw new UsageError("--message needs JSON.");
  }
}
