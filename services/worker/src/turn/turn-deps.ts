import type {
  Approvals,
  Checkpoints,
  Claimed,
  DeadJob,
  Exchange,
  Fence,
  Mailbox,
  Outbox,
  ReplyPlan,
  Sessions,
  TurnControl,
} from "@gateway/conversation";
import type { MaskText } from "@gateway/service-kit";
import type { Logger } from "pino";
import type { WorkerApp } from "../apps.ts";
import type { BatchSettings } from "./choose-batch.ts";
import type { MediaOut } from "./plan-answer.ts";
import type { MediaIn } from "./read-input.ts";
import type { RunningTurns } from "./running-turns.ts";
import type { SessionSettings } from "./session-reset.ts";
import type { Trials } from "./trials.ts";

/** What a turn needs of the worker around it. */
export interface TurnDeps {
  readonly mailbox: Mailbox;
  readonly turnControl: TurnControl;
  readonly sessions: Sessions;
  readonly approvals: Approvals;
  readonly checkpoints: Checkpoints;
  readonly running: RunningTurns;
  readonly trials: Trials;
  readonly transcript: (conversation: string) => Promise<Exchange[]>;
  /** Sets a message aside for an operator, with its stored form. */
  readonly bury: (job: DeadJob, stored: readonly string[]) => Promise<void>;
  /** Takes that back. */
  readonly unbury: (firstMessageId: string) => Promise<void>;
  readonly outbox: Pick<Outbox, "read">;
  /** Sends the person a message outside the turn's reply. */
  readonly notify: (plan: ReplyPlan, fence: Fence) => Promise<void>;
  /** Hides the gateway's secrets in what is shown to people. */
  readonly mask: MaskText;
  readonly mediaIn: MediaIn;
  readonly mediaOut: MediaOut;
  readonly settings: TurnSettings;
  readonly logger: Logger;
  readonly now: () => number;
}

export interface TurnSettings {
  readonly batch: BatchSettings;
  /** How often a message may be given to the agent before it is set aside. */
  readonly maxAttempts: number;
  /** When the person is told that work goes on, in seconds after the start; the last interval repeats. */
  readonly noticeAfterSeconds: readonly number[];
  /** When a run gets its card, where the app shows cards. */
  readonly cardAfterSeconds: number;
  /** A run without any sign of life for this long is stopped. */
  readonly idleMs: number;
  readonly session: SessionSettings;
  /** How long an approval waits for the person. */
  readonly approvalMs: number;
}

/** A claimed turn, from claim to commit. */
export interface ActiveTurn {
  readonly app: WorkerApp;
  /** Also the id of its reply. */
  readonly id: string;
  readonly conversation: string;
  readonly messageIds: readonly string[];
  readonly attempt: number;
  /** When its first attempt began. */
  readonly startedAtMs: number;
  /** The beginning of what the person wrote, for a card. */
  readonly about: string;
  /** Why these messages are run again. */
  readonly again: Claimed["again"];
}
