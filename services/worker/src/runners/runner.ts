import type {
  Checkpoint,
  ConversationRef,
  Decision,
  Exchange,
  InboundMessage,
  RunnerState,
  Session,
} from "@gateway/conversation";
import type { AgentMessage } from "./agent-messages.ts";

/** What executes an agent. One per app configuration, shared by all of that app's conversations. */
export interface AgentRunner {
  readonly kind: string;
  /** It remembers a session itself and does not use `history`: single exchanges cannot be taken back. */
  readonly keepsMemory?: true;
  /**
   * A further attempt finds the run of the one before instead of running the agent again, so that a turn may
   * outlive many processes.
   */
  readonly reattaches?: true;
  /** What it knows of a person is on this worker's disk: their turns had better come back to this worker. */
  readonly keepsPlace?: true;
  /** Start-up check. `problem` says in words what is wrong and what to do. */
  probe(): Promise<Probe>;
  /**
   * For whoever will run it after a while: replaced meanwhile, it is not shut down before that. Returns the way out.
   * Without it a runner is never replaced.
   */
  readonly lease?: () => () => void;
  /** Runs one turn. Never rejects for the agent's fault: that is a `failed` result. */
  run(turn: Turn, io: TurnIO): Promise<TurnResult>;
  /**
   * Ends the run that an earlier attempt left behind, by its checkpoint: nobody waits for it any more. Only for runs
   * that outlive the worker.
   */
  readonly abandon?: (turn: AbandonedTurn) => Promise<void>;
  /** Ends what is still running. No process stays behind. */
  shutdown(): Promise<void>;
}

export type Probe =
  | { readonly ok: true; readonly version?: string }
  | { readonly ok: false; readonly problem: string };

export interface Turn {
  /** Stable over attempts: an idempotency key. */
  readonly id: string;
  /** 1 for the first run; more when an earlier one was cut off. */
  readonly attempt: number;
  readonly conversation: ConversationRef & { readonly id: string };
  readonly session: Pick<Session, "epoch"> & {
    /** What this kind of runner last stored for the session with `io.checkpoint`. */
    readonly state?: RunnerState;
  };
  /** What this kind of runner stored for this turn, in an attempt that was cut off or failed. */
  readonly checkpoint?: RunnerState;
  /** What it stored for this turn step by step, in order. */
  readonly steps: readonly RunnerState[];
  readonly appName: string;
  readonly messages: readonly InboundMessage[];
  /** What the person wrote, as one text. A file is a line in it, like "[image] name (path)". */
  readonly text: string;
  /** The files that came with the messages. They are kept for days, not for ever. */
  readonly attachments: readonly Attachment[];
  /**
   * What was said before in this session, oldest first, each with the `memory` that its runner gave: for runners
   * that have no memory of their own, and where an agent has lost its own. Read when it is asked for: it may be
   * megabytes, and a run hours long. Rejects when Redis does.
   */
  readonly history: () => Promise<readonly Exchange[]>;
}

export type AbandonedTurn = Pick<Turn, "id" | "conversation" | "checkpoint">;

/**
 * Why a run is told to stop; the `reason` of its AbortSignal. user, interrupt, new: the person wants so.
 * idle: no sign of life for too long. shutdown: the process is stopping and hands the turn over. lost: another
 * worker has the conversation.
 */
export type AbortReason = "user" | "interrupt" | "new" | "idle" | "shutdown" | "lost";

export interface TurnIO {
  readonly signal: AbortSignal;
  /** A sign of life. Synchronous and droppable. */
  emit(event: AgentEvent): void;
  /**
   * Asks the person. Resolves with the decision; `expired` when none came in time or the run was told to stop.
   * With a `key`, unique in the turn, a further attempt that asks the same gets the decision that came meanwhile.
   */
  approve(request: {
    readonly title: string;
    /** The whole command, or whatever the person has to know. Secrets of the gateway's are hidden, its length is bounded. */
    readonly detail: string;
    /** Where it would be done. */
    readonly directory?: string;
    readonly key?: string;
  }): Promise<Decision | "expired">;
  /** Set by a runner that can take in what the person adds while it runs; false leaves the text for the next turn. */
  onSteer(accept: (text: string) => Promise<boolean>): void;
  /**
   * Stores what the next attempt, or the session's next turn, has to know: durable when it resolves. At most
   * 64 KiB of JSON (256 KiB for a step), nothing secret. Rejects when another worker has the turn; `signal` fires then, too.
   */
  checkpoint(checkpoint: Checkpoint): Promise<void>;
}

export type AgentEvent =
  /** What the agent is doing, in a few words fit for the person. */
  | { readonly type: "progress"; readonly title: string }
  /** It waits for a service that cannot serve it now. */
  | { readonly type: "busy"; readonly againInMs: number }
  /** It does something, and does not say what. */
  | { readonly type: "alive" }
  /** Its service does not answer, and is asked again. No sign of life. */
  | { readonly type: "unreachable" }
  /** It goes on, after one of those. */
  | { readonly type: "working" };

/** A file that the person sent. */
export interface Attachment {
  readonly kind: "image" | "voice" | "video" | "file";
  /** Absolute, readable by the worker's user alone. */
  readonly path: string;
  /** As the person's client calls it, made safe. */
  readonly name: string;
  /** By content where that tells, else by name. */
  readonly mime: string;
  readonly sizeBytes: number;
}

/**
 * A file that goes out behind the text: by its absolute path, which has to be in a directory that the operator allowed, or
 * by its content. Files that the text itself names (`MEDIA:/path`) need not be given here.
 */
export type AgentFile =
  | { readonly path: string }
  /** At most 20 MB. */
  | { readonly name: string; readonly content: Buffer };

/**
 * auth, config: the operator has to mend something. rate_limit, provider: the model or its service cannot answer
 * now. refusal: it will not answer this. empty, output, protocol: the answer is none, too much or unreadable. timeout,
 * idle: too long, too silent. crash: the agent died. interrupted: the gateway was cut off and the run may have acted
 * already, so it is not begun again. agent: it says that it failed. internal: our own fault.
 */
export type RunFailureCode =
  | "agent"
  | "auth"
  | "config"
  | "crash"
  | "empty"
  | "idle"
  | "internal"
  | "interrupted"
  | "output"
  | "protocol"
  | "provider"
  | "rate_limit"
  | "refusal"
  | "timeout";

export type TurnResult =
  | {
      readonly status: "done";
      readonly text: string;
      /** The model's length limit cut it; the person is told. */
      readonly truncated?: true;
      readonly files?: readonly AgentFile[];
      /** Sent between the text and the files; what WeCom would refuse is left out, and the person is told. */
      readonly messages?: readonly AgentMessage[];
      /** Directories of which this answer may send files, beside those that the operator allows. */
      readonly dirs?: readonly string[];
      /** Comes back in `history` with this exchange. At most 32 KiB of JSON, or it is not kept. */
      readonly memory?: RunnerState;
      /**
       * How many of the turn's last messages the agent did not get to: additions that it accepted, in this attempt
       * or in an earlier one. They become the next turn.
       */
      readonly untaken?: number;
    }
  /** `denied`: nobody told it to stop; it ended because the person did not allow something. They know. */
  | { readonly status: "cancelled"; readonly denied?: true }
  | {
      readonly status: "failed";
      readonly code: RunFailureCode;
      /** Running again may help, and nothing has been done that must not be done twice. */
      readonly retryable: boolean;
      /** For the log and the dead letter: no message content, no secrets. */
      readonly detail: string;
    };
