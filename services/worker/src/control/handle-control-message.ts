import type { InboundMessage } from "@gateway/conversation";
import { parseCommand, parseConversationId } from "@gateway/conversation";
import type { WorkerApp } from "../apps.ts";
import type { CommandDeps } from "../commands/command.ts";
import { commands } from "../commands/registry.ts";

/** Finds out what a control message wants and does it. */
export async function handleControlMessage(
  app: WorkerApp,
  conversation: string,
  message: InboundMessage,
  deps: CommandDeps,
): Promise<string | undefined> {
  const { message: content } = message;
  if (content.kind !== "text") return undefined;
  const parsed = parseCommand(content.content);
  if (parsed === undefined) return undefined;
  const isAdmin = app.isAdmin(message.userId);
  const command = commands[parsed.name];
  if (command.adminOnly === true && !isAdmin) return app.texts.access.adminOnly;
  const ref = parseConversationId(conversation);
  return command.run({ app, conversation, ref, message, args: parsed.args, isAdmin, deps });
}
