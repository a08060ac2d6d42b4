import type {
  Approvals,
  BackgroundTasks,
  CommandName,
  ConversationRef,
  Exchange,
  InboundMessage,
  LastTurn,
  Sessions,
  TurnControl,
} from "@gateway/conversation";
import type { WorkerApp } from "../apps.ts";
import type { ControlAnswer } from "../control/control-answer.ts";
import type { AppDrain } from "../turn/app-drain.ts";

/** A command that a person typed, and what it can reach. */
export interface CommandContext {
  readonly app: WorkerApp;
  readonly conversation: string;
  readonly ref: ConversationRef;
  readonly message: InboundMessage;
  /** What follows the command's name, trimmed. */
  readonly args: string;
  readonly isAdmin: boolean;
  /** It was not typed: a button was pressed. The code, if WeCom gave one, updates the button's card. */
  readonly pressed?: { readonly responseCode: string | undefined } | undefined;
  readonly deps: CommandDeps;
}

type AppRef = Pick<ConversationRef, "corpId" | "agentId">;

/** Letting people in, as administrators do it from the chat. */
export interface AccessAdmin {
  /** `by` is who decides; the same `cause` decides once. */
  approve(
    app: AppRef,
    typedCode: string,
    by: string,
    cause: string,
  ): Promise<
    | { readonly status: "approved"; readonly user: { readonly userId: string } }
    | { readonly status: "unknown" | "locked" | "full" }
  >;
  listUsers(app: AppRef): Promise<readonly { readonly userId: string }[]>;
  listRequests(app: AppRef): Promise<readonly { readonly userId: string; readonly code: string }[]>;
}

export interface CommandDeps {
  readonly turnControl: TurnControl;
  readonly sessions: Sessions;
  readonly approvals: Approvals;
  /** The messages of the last finished turn, for a repetition. */
  readonly lastTurn: (conversation: string) => Promise<LastTurn>;
  readonly transcript: (conversation: string) => Promise<Exchange[]>;
  /** Removes the last exchanges, once per cause. Returns how many there were; "running" while a turn runs. */
  readonly undo: (
    conversation: string,
    wish: { readonly count: number; readonly cause: string },
  ) => Promise<number | "running">;
  readonly backgroundTasks: BackgroundTasks;
  readonly wakeTurns: (conversation: string) => Promise<void>;
  /** Absent where people are not let in by pairing. */
  readonly access?: AccessAdmin;
  readonly drain: Pick<AppDrain, "start" | "end">;
  readonly now: () => number;
}

/**
 * One chat command. It may be carried out again after a crash, so whatever it changes is changed once per
 * message (`message.id`). Returns what to tell the person, with cards to update where there are any; undefined for nothing.
 */
export interface Command {
  readonly name: CommandName;
  run(context: CommandContext): Promise<string | ControlAnswer | undefined>;
}

const ADMIN_COMMANDS: ReadonlySet<CommandName> = new Set(["approve-user", "users", "drain"]);

/** Whether only the app's administrators may use it. */
export function isAdminCommand(name: CommandName): boolean {
  return ADMIN_COMMANDS.has(name);
}
