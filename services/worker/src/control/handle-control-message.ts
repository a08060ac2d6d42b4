import type { Cause, InboundMessage, ParsedCommand } from "@gateway/conversation";
import { MAILBOX_LIMIT, parseCommand, parseConversationId } from "@gateway/conversation";
import type { WorkerApp } from "../apps.ts";
import type { CommandContext, CommandDeps } from "../commands/command.ts";
import { isAdminCommand } from "../commands/command.ts";
import { derivedMessage } from "../commands/derived-message.ts";
import { commands } from "../commands/registry.ts";
import type { ControlAnswer } from "./control-answer.ts";
import { readPress } from "./read-press.ts";
import { stopRun } from "./stop-run.ts";

export interface ControlMessageDeps extends CommandDeps {
  /** True once per period for each conversation, and again for the same cause. */
  readonly mayTell: (conversation: string, what: string, periodMs: number, cause: string) => Promise<boolean>;
  /** What the busy mode says about a message that was just added. */
  readonly meetBusyAgent: (message: Cause, conversation: string) => Promise<void>;
}

const HOUR_MS = 3600 * 1000;

/** Finds out what a control message wants and does it. Returns what to tell the person, or more. */
export async function handleControlMessage(
  app: WorkerApp,
  conversation: string,
  message: InboundMessage,
  deps: ControlMessageDeps,
): Promise<string | ControlAnswer | undefined> {
  const content = message.message;
  const place = { app, conversation, message, deps };
  if (content.kind === "text") {
    const command = parseCommand(content.content);
    return command === undefined ? undefined : runCommand(command, place);
  }
  if (content.kind !== "event") return undefined;
  switch (content.event) {
    case "click":
    case "template_card_event":
    case "template_card_menu_event": {
      const press = readPress(content, app.menu ?? {});
      if (press === undefined) return undefined;
      const responseCode = "responseCode" in content ? content.responseCode : undefined;
      if (press.kind === "text") return askAgent(press.text, place);
      if (press.kind === "stop") return stopRun({ ...place, turnId: press.turnId, responseCode });
      return runCommand(press.command, { ...place, pressed: { responseCode } });
    }
    case "enter_agent":
      return welcome(place);
    default:
      return undefined;
  }
}

interface Place {
  readonly app: WorkerApp;
  readonly conversation: string;
  readonly message: InboundMessage;
  readonly deps: ControlMessageDeps;
  readonly pressed?: CommandContext["pressed"];
}

async function runCommand(
  { name, args }: ParsedCommand,
  place: Place,
): Promise<string | ControlAnswer | undefined> {
  const { app, conversation, message } = place;
  const isAdmin = app.isAdmin(message.userId);
  if (isAdminCommand(name) && !isAdmin) return app.texts.access.adminOnly;
  return commands[name].run({ ...place, ref: parseConversationId(conversation), args, isAdmin });
}

async function askAgent(text: string, place: Place): Promise<string | undefined> {
  const { app, conversation, message, deps } = place;
  const asked = derivedMessage(message, { name: "press", text });
  const added = await deps.turnControl.enqueue(conversation, asked, "tail");
  if (added === "full") return app.texts.turn.mailboxFull({ limit: MAILBOX_LIMIT });
  await deps.wakeTurns(conversation);
  await deps.meetBusyAgent(asked, conversation);
  return undefined;
}

async function welcome({ app, conversation, message, deps }: Place): Promise<string | undefined> {
  if (app.welcome === undefined) return undefined;
  const { text, everyHours } = app.welcome;
  const isDue = await deps.mayTell(conversation, "welcome", everyHours * HOUR_MS, message.id);
  return isDue ? text : undefined;
}
